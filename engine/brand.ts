declare const brand: unique symbol;

/** A type of its own over the same bytes; made by a parse function at the edge, never by a cast elsewhere. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
