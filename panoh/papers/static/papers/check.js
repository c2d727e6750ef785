// The page /check in the browser: takes the text of a square from the camera, a picture or the keyboard, checks it here, and
// asks the register only whether the paper was withdrawn meanwhile. What it knows of words and keys stands in the page itself.
"use strict";

(() => {
  const facts = JSON.parse(document.getElementById("check-facts").textContent);
  const form = document.getElementById("check-form");
  const text = form.elements.text;
  const result = document.getElementById("check-result");
  const camera = document.getElementById("check-camera");
  const video = document.getElementById("check-video");
  const picture = document.getElementById("check-picture");
  const words = facts.texts;
  let shown = null;
  let stream = null;

  // -- days in the reader's calendar ------------------------------------------------------------------------------------

  function day(instant) {
    const calendar = facts.days.calendar === "solar_hijri" ? "en-u-ca-persian-nu-latn" : "en-u-ca-gregory-nu-latn";
    const parts = new Intl.DateTimeFormat(calendar, { timeZone: facts.time_zone, year: "numeric", month: "numeric", day: "numeric" }).formatToParts(instant);
    const value = (type) => parts.find((part) => part.type === type).value;
    const written = facts.days.pattern
      .replace("{d}", value("day"))
      .replace("{m}", facts.days.months[Number(value("month")) - 1])
      .replace("{y}", value("year"));
    return facts.days.digits ? written.replace(/\d/g, (digit) => facts.days.digits[Number(digit)]) : written;
  }

  function moment(instant) {
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: facts.time_zone, hour: "2-digit", minute: "2-digit" }).format(instant);
    return `${day(instant)}, ${facts.days.digits ? clock.replace(/\d/g, (digit) => facts.days.digits[Number(digit)]) : clock}`;
  }

  // -- telling -----------------------------------------------------------------------------------------------------------

  function tell(kind, title, lines) {
    result.replaceChildren();
    const box = document.createElement("div");
    box.className = `check-answer check-${kind}`;
    const heading = document.createElement("h2");
    heading.textContent = title;
    box.append(heading);
    for (const line of lines) {
      const paragraph = document.createElement("p");
      if (Array.isArray(line)) {
        const label = document.createElement("span");
        label.className = "soft";
        label.textContent = line[0];
        const value = document.createElement("strong");
        const isolated = document.createElement("bdi");
        isolated.textContent = line[1];
        value.append(isolated);
        paragraph.append(label, document.createElement("br"), value);
      } else paragraph.textContent = line;
      box.append(paragraph);
    }
    result.append(box);
    result.focus();
    return box;
  }

  function add(box, line) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }

  async function check(given) {
    shown = null;
    picture.hidden = true;
    let found;
    try {
      found = await PanohSquare.read(given, facts.published, facts.noble);
    } catch (error) {
      if (error.reason === "key") tell("unsure", words.unknown_key, [words.unknown_key_why]);
      else tell("bad", words.not_genuine, [words.not_genuine_why]);
      return;
    }
    const title = facts.kinds[found.kind] || found.kind;
    if (found.purpose === "receipt") {
      tell("good", words.genuine, [title, [words.recorded, moment(found.recordedAt)], [words.fingerprint, PanohSquare.mark(found.leaf, " ")]]);
      return;
    }
    shown = found;
    const now = new Date();
    const good = now >= found.from && (!found.until || now < found.until);
    let line = [words.dated, day(found.from)];
    if (now < found.from) line = [words.not_yet, day(found.from)];
    else if (found.until) line = [good ? words.in_force_until : words.expired, day(new Date(found.until.getTime() - 1))];
    const lines = [title, line, found.photo ? [words.photo_mark, PanohSquare.mark(found.photo, "-")] : words.photo_none];
    const box = tell(good ? "good" : "unsure", words.genuine, lines);
    picture.hidden = !found.photo;
    await askStanding(given, box, good);
  }

  // Only the register knows what was withdrawn. Without a network the answer above stands, and this is said.
  async function askStanding(given, box, good) {
    try {
      const answer = await fetch(facts.standing_url, { method: "POST", body: new URLSearchParams({ text: given }), cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { withdrawn } = await answer.json();
      if (withdrawn) {
        box.className = "check-answer check-bad";
        add(box, words[withdrawn]);
      } else if (good) add(box, words.standing_good);
    } catch (error) {
      add(box, words.standing_unknown);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(text.value);
  });

  // -- the photo file ---------------------------------------------------------------------------------------------------

  document.getElementById("check-photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file || !shown || !shown.photo) return;
    const hash = await PanohSquare.sha256(new Uint8Array(await file.arrayBuffer()), facts.noble);
    const same = PanohSquare.hex(hash.subarray(0, shown.photo.length)) === PanohSquare.hex(shown.photo);
    document.getElementById("check-photo-answer").textContent = same ? words.photo_same : words.photo_differs;
  });

  // -- camera and pictures ----------------------------------------------------------------------------------------------

  const detector = "BarcodeDetector" in globalThis ? new BarcodeDetector({ formats: ["qr_code"] }) : null;

  async function detect(source) {
    const [found] = await detector.detect(source);
    if (!found) return false;
    text.value = found.rawValue;
    await check(found.rawValue);
    return true;
  }

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
  }

  async function watch() {
    if (!stream) return;
    if (video.readyState >= 2 && (await detect(video))) stop();
    else setTimeout(watch, 150);
  }

  if (detector) {
    camera.hidden = false;
    document.getElementById("check-open-camera").addEventListener("click", async () => {
      if (stream) return stop();
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch (error) {
        tell("unsure", words.camera_off, []);
        return;
      }
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      watch();
    });
    document.getElementById("check-file").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      if (!file) return;
      const found = await detect(await createImageBitmap(file));
      if (!found) tell("unsure", words.nothing_found, []);
    });
  }

  // -- without a network ----------------------------------------------------------------------------------------------------

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(facts.worker_url, { scope: facts.check_url });
})();
