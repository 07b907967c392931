/** A hostile text: its name, and how it is made with about so many characters. */
export interface HostileText {
    readonly name: string;
    readonly make: (length: number) => string;
}
/** What {@link slowestGrowth} found. */
export interface Growth {
    /** Processor time of the longer text divided by that of the shorter one; at most 1 where both are too short to tell. */
    readonly ratio: number;
    /** Milliseconds of processor time, the least of all measurements. */
    readonly small: number;
    readonly large: number;
}
/** The most that twice the text may take, as the tests demand it. */
export declare const LINEAR = 2.5;
/**
 * How the processor time of a function grows when its text is twice as long. Measured on this thread alone, so that the
 * load of the machine does not count; noise only adds, so the least of several measurements is taken, and more are made
 * only while the ratio is too high.
 */
export declare function growthOf(run: (text: string) => unknown, make: HostileText['make'], hopelessMs?: number): Growth;
/** The texts that take a function more than {@link LINEAR} times as long when they are twice as long, in words. */
export declare function slowOnes(run: (text: string) => unknown, texts: readonly HostileText[]): readonly string[];
/** A text that repeats a part, between a beginning and an end. */
export declare function repeated(name: string, part: string, begin?: string, end?: string): HostileText;
