(function () {
  "use strict";
  var keys = { ArrowLeft: ".previous", ArrowRight: ".next", Escape: ".close" };
  function shown() { return document.querySelector(".view:target"); }
  function enlarge() {
    var image = shown() && shown().querySelector("[data-large]");
    if (image) { image.src = image.dataset.large; image.removeAttribute("data-large"); }
    image = shown() && shown().querySelector("[data-rare]");
    if (image) offer(image);
  }
  // A format that some browsers show: those that do not skip the source without loading it.
  function offer(image) {
    var picture = document.createElement("picture"), source = document.createElement("source");
    var hint = image.closest(".view").querySelector(".hint");
    source.type = "image/heic";
    source.srcset = image.dataset.rare;
    image.removeAttribute("data-rare");
    image.addEventListener("load", function () { if (hint && image.currentSrc !== image.src) hint.remove(); });
    image.replaceWith(picture);
    picture.append(source, image);
  }
  // Not before: what the address points to is known when the page is there.
  addEventListener("pageshow", enlarge);
  document.addEventListener("keydown", function (event) {
    var view = shown();
    if (!view || event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "VIDEO") return;
    var way = keys[event.key] && view.querySelector(keys[event.key]);
    if (way) { event.preventDefault(); way.click(); }
  });
  function movie(address) {
    var video = document.createElement("video");
    video.src = address;
    video.className = "motion";
    video.muted = video.loop = video.autoplay = video.playsInline = true;
    video.setAttribute("aria-hidden", "true");
    video.addEventListener("error", function () { video.remove(); });
    return video;
  }
  document.querySelectorAll(".cell[data-motion]").forEach(function (cell) {
    var timer, video;
    cell.addEventListener("pointerenter", function (event) {
      if (event.pointerType !== "mouse") return;
      timer = setTimeout(function () { cell.appendChild(video = movie(cell.dataset.motion)); }, 150);
    });
    cell.addEventListener("pointerleave", function () {
      clearTimeout(timer);
      if (video) { video.remove(); video = null; }
    });
  });
  document.querySelectorAll("a.move").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      var stage = button.closest(".view").querySelector(".stage");
      var playing = stage.querySelector(".motion");
      if (playing) { playing.remove(); return; }
      var video = movie(button.href);
      video.muted = false;
      stage.appendChild(video);
    });
  });
  addEventListener("hashchange", function () {
    var view = shown();
    enlarge();
    document.querySelectorAll(".view video").forEach(function (video) {
      if (view && view.contains(video)) return;
      if (video.className === "motion") video.remove(); else video.pause();
    });
    if (view) view.querySelector(".close").focus({ preventScroll: true });
  });
})();
