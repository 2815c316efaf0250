import type { StreamOptions, StreamSource } from "./stream-options";

/** A mirror or source of which the stream's name is known. */
export interface NamedSource extends StreamSource {
  readonly name: string;
}

/** Options whose mirror and sources have the names of their streams. */
export interface NamedOptions extends StreamOptions {
  readonly mirror?: NamedSource;
  readonly sources?: NamedSource[];
}

const named = (source: StreamSource): NamedSource => ({
  ...source,
  name: source.name ?? (source.stream ? String(source.stream.streamName) : ""),
});

/** Puts the stream's name where a mirror or source is given by its stream. */
export const withNames = (options: StreamOptions): NamedOptions => ({
  ...options,
  mirror: options.mirror && named(options.mirror),
  sources: options.sources?.map(named),
});
