/** Emoticons of older pages, which have a name and nothing else. In tables they often are the whole answer. */
export const EMOTICONS: ReadonlyMap<string, string> = new Map([
  ['smile', '\u{1F642}'], ['sad', '\u{1F641}'], ['cheeky', '\u{1F61B}'], ['laugh', '\u{1F603}'], ['wink', '\u{1F609}'],
  ['thumbs-up', '\u{1F44D}'], ['thumbs-down', '\u{1F44E}'], ['information', '\u2139\uFE0F'], ['tick', '\u2705'],
  ['cross', '\u274C'], ['warning', '\u26A0\uFE0F'], ['plus', '\u2795'], ['minus', '\u2796'], ['question', '\u2753'],
  ['light-on', '\u{1F4A1}'], ['light-off', '\u{1F4A1}'], ['yellow-star', '\u2B50'], ['red-star', '\u2B50'],
  ['green-star', '\u2B50'], ['blue-star', '\u2B50'], ['heart', '\u2764\uFE0F'], ['broken-heart', '\u{1F494}'],
])
