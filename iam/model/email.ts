import { domainToASCII } from "node:url";

/** A valid e-mail address. */
export interface Email {
  /** The address as its owner wrote it. */
  readonly text: string;
  /**
   * The address as SMTP carries it: its domain in A-labels (RFC 5890, 2.3.2.1), so ASCII only. Addresses that
   * differ here in letter case only are one address.
   */
  readonly ascii: string;
}

/** What all spellings of one address share. */
export function foldEmail({ ascii }: Email): string {
  return ascii.toLowerCase();
}

/** The rule for an e-mail address, worded for the client. */
export const EMAIL_RULE =
  "must be an e-mail address of at most 254 octets: at most 64 ASCII characters, '@', and a domain name";

/** RFC 5321, 4.5.3.1: a path takes 256 octets, and its angle brackets are two of them. */
const MAX_OCTETS = 254;

/** RFC 5321, 4.1.2, `Dot-string`, and 4.5.3.1.1. Quoted local parts are not accepted. */
const LOCAL_PART = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/** Letters, marks and digits, and the characters that RFC 5892, appendix A, allows beside certain others. */
const WRITTEN_DOMAIN = /^[\p{L}\p{M}\p{Nd}\u00b7\u0375\u05f3\u05f4\u200c\u200d\u30fb.-]+$/u;

/** RFC 5891, 4.2.3.1: no hyphen first or last, and none third and fourth unless the label is an A-label. */
const LABEL = /^(?=.{1,63}$)(xn--|(?!..--))[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

/** All top-level domains are letters only or an A-label; anything else could be an IP address. */
const TOP_LABEL = /^([a-z]{2,}|xn--.+)$/i;

/**
 * Parses an e-mail address. The domain may be internationalised, written in Unicode or in A-labels; the local
 * part must be ASCII, because many mail servers can't deliver to any other (RFC 6531).
 *
 * @returns `undefined` if the text breaks the rule.
 */
export function parseEmail(text: string): Email | undefined {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || text.length > MAX_OCTETS || !LOCAL_PART.test(local) || !WRITTEN_DOMAIN.test(domain)) {
    return undefined;
  }
  const labels = domainToASCII(domain).split(".");
  const email = { text, ascii: `${local}@${labels.join(".")}` };
  const isShort = [text, email.ascii].every((form) => new TextEncoder().encode(form).length <= MAX_OCTETS);
  const isDomain = labels.length >= 2 && labels.every((label) => LABEL.test(label)) &&
    TOP_LABEL.test(labels.at(-1) ?? "");
  return isShort && isDomain ? email : undefined;
}
