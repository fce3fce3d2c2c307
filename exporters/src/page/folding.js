const fold = (() => {
  // Made of the tables by which corer itself compares text, in the same steps.
  const letters = {LETTERS}, gone = /[{GONE}]/gu;
  const each = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");
  // What is not ASCII comes again and again in a text, and costs much more than to remember it.
  const known = new Map();
  const plain = (part) => {
    let found = known.get(part);
    if (found === undefined) {
      found = part.replace(/[\u00b4\u1ffd]/g, "'").normalize("NFKD")
        .replace(/\u0438\u0306/g, "\u0439").replace(/\u0418\u0306/g, "\u0419").replace(gone, "")
        .toUpperCase().toLowerCase().replace(each, (letter) => letters[letter]).normalize("NFC");
      if (part.length < 16 && known.size < 20000) known.set(part, found);
    }
    return found;
  };
  return (text) => {
    const line = text.replace(/[^\x00-\x7f]+/g, plain).toLowerCase();
    return (/[^\S ]|  |\u0085/.test(line) ? line.replace(/[\s\u0085]+/g, " ") : line).trim();
  };
})();
