/** What a worker thread runs: a piece at a time. */
export { doPiece as default } from './piece.ts';
