import { dial } from "./net.ts";
import type { SecretVariable, Variable } from "./variable.ts";

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

/** Whom mails are from: an address, or a name with it. */
export function sender(name: string, fallback: string): Variable<string> {
  const parse = (text: string) =>
    /^([^<>@\r\n]{1,100} <[^<>@\s]{1,64}@[^<>@\s]{1,255}>|[^<>@\s]{1,64}@[^<>@\s]{1,255})$/.test(text)
      ? text
      : undefined;
  return { name, fallback, secret: false, rule: "an e-mail address, or a name and <address>", parse };
}
