/**
 * The shortest decimal digits that read back as the same double, always with a point and never with an exponent, such as
 * `2.0`, `-0.0`, `123456789012345680000.0`.
 */
export function formatDecimal(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits = "", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  return sign + withPoint(whole + fraction, whole.length + Number(exponent));
}

/** Puts a point behind the first `place` digits. */
function withPoint(digits: string, place: number): string {
  const whole = digits.slice(0, Math.max(0, place)).padEnd(place, "0") || "0";
  const fraction = "0".repeat(Math.max(0, -place)) + digits.slice(Math.max(0, place));
  return `${whole}.${fraction || "0"}`;
}
