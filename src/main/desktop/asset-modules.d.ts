/** A file as a `data:` address, put into the program when it is built. */
declare module '*?inline' {
  const dataUrl: string;
  export default dataUrl;
}

/** A file as text, put into the program when it is built. */
declare module '*?raw' {
  const text: string;
  export default text;
}
