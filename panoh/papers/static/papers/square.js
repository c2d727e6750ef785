// Reads and verifies the square of a paper or receipt, without any network. The same rules as panoh/papers/token.py and
// panoh/ledger/receipt.py: base45 (RFC 9285), a COSE Sign1 envelope (RFC 9052) with Ed25519, CWT claims (RFC 8392).
//
// The signature is checked by the browser's own WebCrypto where it knows Ed25519, else by noble-curves, which lies beside
// this file: made with `npm install @noble/curves @noble/hashes esbuild` from an entry that exports `ed25519` and
// `sha256`, by `esbuild --bundle --minify --format=esm --target=es2020`.
"use strict";

const PanohSquare = (() => {
  const PAPER = "PANOHP1:";
  const RECEIPT = "PANOH1:";
  const LONGEST = 2000;
  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const CLAIM = { issuer: 1, expires: 4, notBefore: 5, issuedAt: 6, tokenId: 7, leaf: -70001, kind: -70002, recordedAt: -70004, number: -70005, photo: -70006 };

  class NotOurs extends Error {
    constructor(reason, message) {
      super(message);
      this.reason = reason;
    }
  }

  // -- base45 ---------------------------------------------------------------------------------------------------------

  function base45(text) {
    if (text.length % 3 === 1) throw new NotOurs("form", "the text is cut short");
    const bytes = [];
    for (let at = 0; at < text.length; at += 3) {
      const digits = [...text.slice(at, at + 3)].map((letter) => LETTERS.indexOf(letter));
      if (digits.includes(-1)) throw new NotOurs("form", "a letter does not belong to the alphabet");
      const value = digits.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
      if (digits.length === 3) {
        if (value > 0xffff) throw new NotOurs("form", "a group is too large");
        bytes.push(value >> 8, value & 0xff);
      } else {
        if (value > 0xff) throw new NotOurs("form", "a group is too large");
        bytes.push(value);
      }
    }
    return Uint8Array.from(bytes);
  }

  // -- CBOR (RFC 8949), as far as squares use it: whole numbers, bytes, text, arrays, maps, tags, of known length ---------

  function decode(bytes) {
    let at = 0;
    function take(count) {
      if (count > bytes.length - at) throw new NotOurs("form", "the text is cut short");
      at += count;
      return bytes.subarray(at - count, at);
    }
    function argument(low) {
      if (low < 24) return low;
      if (low > 27) throw new NotOurs("form", "a length of unknown form");
      let value = 0;
      for (const byte of take(1 << (low - 24))) value = value * 256 + byte;
      if (!Number.isSafeInteger(value)) throw new NotOurs("form", "a number is too large");
      return value;
    }
    function item(depth) {
      if (depth > 8) throw new NotOurs("form", "nested too deep");
      const head = take(1)[0];
      const value = argument(head & 0x1f);
      switch (head >> 5) {
        case 0: return value;
        case 1: return -1 - value;
        case 2: return take(value);
        case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take(value));
        case 4: return list(value, () => item(depth + 1));
        case 5: return new Map(list(value, () => [item(depth + 1), item(depth + 1)]));
        case 6: return { tag: value, value: item(depth + 1) };
        default: throw new NotOurs("form", "a value of unknown form");
      }
    }
    function list(count, make) {
      if (count > bytes.length) throw new NotOurs("form", "the text is cut short");
      return Array.from({ length: count }, make);
    }
    const found = item(0);
    if (at !== bytes.length) throw new NotOurs("form", "something stands after the end");
    return found;
  }

  function byteString(bytes) {
    const length = bytes.length;
    const head = length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
    return [...head, ...bytes];
  }

  // RFC 9052 section 4.4: ["Signature1", protected, h'', payload]
  function toBeSigned(protectedBytes, payload) {
    const context = new TextEncoder().encode("Signature1");
    return Uint8Array.from([0x84, 0x6a, ...context, ...byteString(protectedBytes), 0x40, ...byteString(payload)]);
  }

  // -- the signature ----------------------------------------------------------------------------------------------------

  async function verify(publicKey, signature, message, nobleUrl) {
    if (globalThis.crypto && crypto.subtle) {
      try {
        const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
        return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
      } catch (error) {
        if (error.name !== "NotSupportedError" && error.name !== "SyntaxError" && error.name !== "OperationError") throw error;
      }
    }
    const { ed25519 } = await import(nobleUrl);
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  }

  async function sha256(bytes, nobleUrl) {
    if (globalThis.crypto && crypto.subtle) return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return (await import(nobleUrl)).sha256(bytes);
  }

  function fromBase64Url(text) {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  }

  function hex(bytes) {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // -- reading ------------------------------------------------------------------------------------------------------------

  // What the square says, if one of the published keys signed it; throws NotOurs with `reason` form, key, signature or claims.
  async function read(given, published, nobleUrl) {
    const text = given.length > LONGEST ? "" : given.replace(/[\r\n\t]/g, "").trim();
    const purpose = text.startsWith(PAPER) ? "paper" : text.startsWith(RECEIPT) ? "receipt" : null;
    if (!purpose) throw new NotOurs("form", "the text begins otherwise");
    const message = decode(base45(text.slice(text.indexOf(":") + 1)));
    if (message.tag !== 18 || !Array.isArray(message.value) || message.value.length !== 4) throw new NotOurs("form", "no signed message");
    const [protectedBytes, unprotected, payload, signature] = message.value;
    for (const part of [protectedBytes, payload, signature]) {
      if (!(part instanceof Uint8Array)) throw new NotOurs("form", "the signed message is not in its form");
    }
    const headers = decode(protectedBytes);
    if (!(headers instanceof Map) || headers.size !== 2 || headers.get(1) !== -8 || !(headers.get(4) instanceof Uint8Array)) {
      throw new NotOurs("form", "signed in another way");
    }
    if (!(unprotected instanceof Map) || unprotected.size !== 0) throw new NotOurs("form", "signed in another way");
    const keyId = hex(headers.get(4));
    const key = published.keys.find((known) => known.kid === keyId && known.for === purpose);
    if (!key) throw new NotOurs("key", "signed by an unknown key");
    if (signature.length !== 64 || !(await verify(fromBase64Url(key.x), signature, toBeSigned(protectedBytes, payload), nobleUrl))) {
      throw new NotOurs("signature", "the signature does not hold");
    }
    const claims = decode(payload);
    if (!(claims instanceof Map)) throw new NotOurs("claims", "no claims");
    return purpose === "paper" ? paper(claims) : receipt(claims);
  }

  function need(claims, name, kind) {
    const value = claims.get(CLAIM[name]);
    const fits = kind === "bytes" ? value instanceof Uint8Array : typeof value === kind;
    if (!fits) throw new NotOurs("claims", `the claim ${name} is missing`);
    return value;
  }

  // `until` is the first instant that no longer counts: midnight after the last day, in the country's time; null for letters.
  function paper(claims) {
    return {
      purpose: "paper",
      kind: need(claims, "kind", "string"),
      from: new Date(need(claims, "notBefore", "number") * 1000),
      until: claims.has(CLAIM.expires) ? new Date(need(claims, "expires", "number") * 1000) : null,
      photo: claims.has(CLAIM.photo) ? need(claims, "photo", "bytes") : null,
    };
  }

  function receipt(claims) {
    return {
      purpose: "receipt",
      kind: "RECEIPT",
      recordedAt: new Date(need(claims, "recordedAt", "number") / 1000),
      leaf: need(claims, "leaf", "bytes"),
    };
  }

  function mark(bytes, separator) {
    return hex(bytes.subarray(0, 8)).toUpperCase().replace(/(.{4})(?=.)/g, `$1${separator}`);
  }

  return { read, sha256, mark, hex, base45, decode, verify, NotOurs };
})();

if (typeof module !== "undefined") module.exports = PanohSquare;
