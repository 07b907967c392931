/**
 * How many lists, quotations and tables stand in each other. Each indents what is in it, line by line; deeper ones are
 * written without their indent, so that the output stays proportional to the input.
 */
export const MAX_NEST = 12
