import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type SubmitEvent } from 'react';

const useStyles = makeStyles({
  screen: {
    display: 'grid',
    gridTemplateRows: 'minmax(0, 1fr) auto',
    height: '100%',
    margin: 0,
    '@media (max-height: 420px)': { display: 'block', overflowY: 'auto' },
  },
  scroll: {
    overflowY: 'auto',
    // Text for screen readers alone is placed absolutely: below the window it would make the whole page scroll.
    position: 'relative',
    // The column stays where it is when a message makes the screen longer.
    scrollbarGutter: 'stable',
    '@media (max-height: 420px)': { overflowY: 'visible' },
  },
  column: {
    boxSizing: 'border-box',
    width: '100%',
    maxWidth: '784px',
    marginInline: 'auto',
    padding: '24px 32px',
    '@media (max-width: 640px)': { padding: '16px' },
  },
  wide: { maxWidth: '1064px' },
  title: {
    margin: '0 0 20px',
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    outlineStyle: 'none',
    textWrap: 'balance',
  },
  footer: {
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    scrollbarGutter: 'stable',
    overflow: 'hidden',
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: '8px',
    paddingBlock: '16px',
    // `a`: what stands apart at the left.
    '& > [data-apart]': { marginInlineEnd: 'auto' },
    '& > button': { minWidth: '112px' },
  },
});

interface ScreenProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons in Windows order: primary first, then cancel; all at the right. */
  readonly actions?: ReactNode;
  /** For tables and for screens with a list beside the form. */
  readonly wide?: boolean;
  /** Enter. Also from the heading, which has the focus on steps without fields. */
  readonly onSubmit?: () => void;
  /** Esc. */
  readonly onCancel?: (() => void) | undefined;
  /** Where the focus goes when the screen appears. */
  readonly focus?: 'title' | 'first-field' | 'none';
  /** Stands before the title, for example the list of the wizard's steps. */
  readonly beside?: ReactNode;
}

const useBesideStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(176px, 216px) minmax(0, 1fr)',
    columnGap: '32px',
    '@media (max-width: 760px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '12px' },
  },
});

/** One screen: heading, what it holds in the only scrolling area, actions at the lower right. */
export function Screen({
  title,
  children,
  actions,
  wide = false,
  onSubmit,
  onCancel,
  focus = 'title',
  beside,
}: ScreenProps) {
  const styles = useStyles();
  const besideStyles = useBesideStyles();
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { area, scrollable } = useScrollableByKeyboard();

  useEffect(() => {
    if (focus === 'none') return;
    const field = form.current?.querySelector<HTMLElement>('input:not([disabled]), select:not([disabled])');
    if (focus === 'first-field' && field) field.focus();
    else heading.current?.focus();
  }, [focus]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  const key = (event: KeyboardEvent) => {
    // Dialogs bubble through React but stand outside of this element: their keys are their own.
    if (event.defaultPrevented || !form.current?.contains(event.target as Node)) return;
    if (event.key === 'Escape' && onCancel) onCancel();
    else if (event.key === 'Enter' && event.target === heading.current && onSubmit)
      form.current.requestSubmit();
    else return;
    event.preventDefault();
  };

  const content = (
    <div>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {title}
      </h1>
      {children}
    </div>
  );
  const hasActions = actions !== undefined && actions !== false && actions !== null;
  const column = mergeClasses(styles.column, wide && styles.wide);
  return (
    // The keys are conveniences beside real buttons.
    <form ref={form} className={styles.screen} noValidate onSubmit={submit} onKeyDown={key}>
      <div
        ref={area}
        className={styles.scroll}
        {...(scrollable && { tabIndex: 0, role: 'region', 'aria-label': title })}
      >
        <div className={mergeClasses(column, beside !== undefined && besideStyles.row)}>
          {beside}
          {content}
        </div>
      </div>
      {hasActions && (
        <div className={styles.footer}>
          <div className={mergeClasses(column, styles.actions)}>{actions}</div>
        </div>
      )}
    </form>
  );
}

/** A screen that is longer than the window and has nothing in it to tab to must take the focus itself. */
function useScrollableByKeyboard() {
  const area = useRef<HTMLDivElement>(null);
  const [scrollable, setScrollable] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const look = () => {
      const reachable = element.querySelector(
        'input:not([disabled]), button:not([disabled]), select, a[href]',
      );
      setScrollable(element.scrollHeight > element.clientHeight && reachable === null);
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => {
      observer.disconnect();
    };
  }, []);
  return { area, scrollable };
}
