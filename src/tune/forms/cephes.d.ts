/** The functions we use of cephes, whose own declarations its `exports` hide from TypeScript. */
declare module 'cephes' {
  /** Resolved when the WebAssembly is there. */
  export const compiled: Promise<void>;
  /** The normal distribution: P(Z ≤ x), and its inverse. */
  export function ndtr(x: number): number;
  export function ndtri(p: number): number;
  export function gamma(x: number): number;
  export function lgam(x: number): number;
  /** The digamma function. */
  export function psi(x: number): number;
  /** Incomplete gamma integral from x to infinity, regularised, and the x at which it is q. */
  export function igamc(a: number, x: number): number;
  export function igami(a: number, q: number): number;
  /** The x at which the incomplete beta integral is p. */
  export function incbi(a: number, b: number, p: number): number;
  /** The quantile of Student's distribution with k degrees of freedom. */
  export function stdtri(k: number, p: number): number;
}
