import { formatAddress } from "../core/address.ts";
import { dial } from "./net.ts";
import type { SecretVariable, Variable } from "./variable.ts";

/** The address of a web API, without a slash at its end, e.g. `https://api.example.com`. */
export function webUrl(name: string, fallback: string): Variable<string> {
  const parse = (text: string) => {
    if (!URL.canParse(text)) return undefined;
    const { protocol, username, password, search, hash } = new URL(text);
    const isPlain = /^https?:$/.test(protocol) && username + password + search + hash === "";
    return isPlain && !text.endsWith("/") ? text : undefined;
  };
  const rule =
    "an http or https URL without user, query and a slash at its end, e.g. https://api.example.com";
  return { name, fallback, secret: false, rule, parse, net: (url) => [addressOf(url)] };
}

/** What `fetch` needs: the name alone, as it does not dial addresses by itself. */
function addressOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return formatAddress(hostname, Number(port || (protocol === "https:" ? 443 : 80)));
}

const SMTP_PORTS: Readonly<Record<string, number>> = { "smtp:": 587, "smtps:": 465 };

/** The URL of a mail server. A secret, as it holds a password. */
export function smtpUrl(name: string): SecretVariable<string> {
  const parse = (text: string) => {
    if (!URL.canParse(text)) return undefined;
    const { protocol, hostname } = new URL(text);
    return protocol in SMTP_PORTS && hostname !== "" ? text : undefined;
  };
  const rule = "a URL of the form smtp://user:password@host:port, or smtps: for TLS from the start";
  const net = (url: string) => {
    const { protocol, hostname, port } = new URL(url);
    return dial(`${hostname}:${port || SMTP_PORTS[protocol]}`);
  };
  return { name, secret: true, rule, parse, net };
}

/** A secret word that is sent to somebody else's service. */
export function secretWord(name: string): SecretVariable<string> {
  const parse = (text: string) => /^[\x21-\x7e]{1,512}$/.test(text) ? text : undefined;
  return { name, secret: true, rule: "1 to 512 characters of ASCII, no spaces", parse };
}

/** Whom mails are from: an address, or a name with it. */
export function sender(name: string, fallback: string): Variable<string> {
  const parse = (text: string) =>
    /^([^<>@\r\n]{1,100} <[^<>@\s]{1,64}@[^<>@\s]{1,255}>|[^<>@\s]{1,64}@[^<>@\s]{1,255})$/.test(text)
      ? text
      : undefined;
  return { name, fallback, secret: false, rule: "an e-mail address, or a name and <address>", parse };
}
