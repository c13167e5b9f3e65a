/** The part of `fxa-common-password-list` in use; the package ships no types of its own. */
declare const mostCommon: {
  /** Whether the list holds exactly this password. */
  test(password: string): boolean;
};
export default mostCommon;
