import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker';

/** What a PDF may hold that is not to be seen on its pages as they are drawn here. */
export const hiddenParts = ['scripts', 'attachments', 'forms', 'pictures'] as const;
export type HiddenPart = (typeof hiddenParts)[number];

/** A PDF ready to be drawn. */
export interface PdfFile {
  readonly pages: number;
  readonly hidden: readonly HiddenPart[];
  /** Height of a page over its width, before it is drawn. */
  ratioOf(page: number): Promise<number>;
  /**
   * Draws one page.
   *
   * @param width of the canvas in pixels of the screen
   * @throws Error where the page can not be drawn as its author meant it
   */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
  close(): void;
}

/** Why a PDF is not shown: it is locked with a password, or no reader of PDF understands all of it. */
export class PdfNotShown extends Error {
  override readonly name = 'PdfNotShown';
  readonly why: 'pdf' | 'pdf-locked';

  constructor(why: PdfNotShown['why'], cause: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/**
 * Opens a PDF to be drawn by pdf.js: in a worker, without scripts, without evaluating anything, without the network. It
 * stops at what it does not understand rather than leave it out (docs/decisions/072).
 *
 * @throws PdfNotShown
 */
export async function openPdf(content: Uint8Array): Promise<PdfFile> {
  GlobalWorkerOptions.workerPort ??= new PdfWorker();
  const loading = getDocument({
    // The worker takes the bytes away from this page.
    data: Uint8Array.from(content),
    stopAtErrors: true,
    isEvalSupported: false,
    useSystemFonts: true,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    verbosity: 0,
  });
  try {
    const pdf = await loading.promise;
    return {
      pages: pdf.numPages,
      hidden: await hiddenIn(pdf, content),
      async ratioOf(page) {
        const { width, height } = (await pdf.getPage(page)).getViewport({ scale: 1 });
        return height / width;
      },
      async draw(number, canvas, width) {
        const page = await pdf.getPage(number);
        const unscaled = page.getViewport({ scale: 1 });
        const viewport = page.getViewport({ scale: width / unscaled.width });
        canvas.width = Math.round(viewport.width);
        canvas.height = Math.round(viewport.height);
        await page.render({ canvas, viewport }).promise;
      },
      close: () => void loading.destroy(),
    };
  } catch (error) {
    void loading.destroy();
    throw new PdfNotShown((error as Error).name === 'PasswordException' ? 'pdf-locked' : 'pdf', error);
  }
}

async function hiddenIn(pdf: PDFDocumentProxy, content: Uint8Array): Promise<readonly HiddenPart[]> {
  const [scripts, attachments, about] = await Promise.all([
    pdf.hasJSActions(),
    pdf.getAttachments() as Promise<object | null>,
    pdf.getMetadata() as Promise<{ readonly info: { readonly IsXFAPresent?: boolean } }>,
  ]);
  const has: Readonly<Record<HiddenPart, boolean>> = {
    scripts,
    attachments: attachments !== null,
    forms: about.info.IsXFAPresent === true,
    // Their decoder is WebAssembly, which this page's policy does not run.
    pictures: contains(content, '/JPXDecode'),
  };
  return hiddenParts.filter((part) => has[part]);
}

/** Streams stand openly in a PDF, so the name of their filter does, too (ISO 32000-1 §7.3.8). */
function contains(content: Uint8Array, name: string): boolean {
  const wanted = new TextEncoder().encode(name);
  for (let at = content.indexOf(wanted[0] ?? 0); at >= 0; at = content.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, place) => content[at + place] === byte)) return true;
  return false;
}
