const fold = (() => {
  // Made of the tables by which corer itself compares text, in the same steps.
  const letters = {LETTERS}, gone = /[{GONE}]/gu;
  const each = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");
  const plain = (text) => text.replace(/[\u00b4\u1ffd]/g, "'").normalize("NFKD")
    .replace(/\u0438\u0306/g, "\u0439").replace(/\u0418\u0306/g, "\u0419").replace(gone, "")
    .toUpperCase().toLowerCase().replace(each, (letter) => letters[letter]).normalize("NFC");
  return (text) =>
    (/^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : plain(text)).replace(/[\s\u0085]+/g, " ").trim();
})();
