import type { ErrorView, HomeView } from '#shared/views.ts';

/** Where in «Профили» the user is. */
export type Place =
  | { readonly at: 'picker'; readonly tokenId?: string; readonly notice?: PickerNotice }
  | {
      readonly at: 'wizard';
      readonly tokenId: string;
      readonly serial: string | undefined;
      readonly defaultPin: boolean;
    }
  | { readonly at: 'registration'; readonly journalId: string; readonly problem?: ErrorView }
  | { readonly at: 'home'; readonly home: HomeView };

/** Why the user is back at the picker. */
export type PickerNotice =
  { readonly kind: 'error'; readonly error: ErrorView } | { readonly kind: 'session-ended' };

export type Go = (place: Place) => void;
