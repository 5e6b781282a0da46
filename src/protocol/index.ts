export { encodeAck } from "./ack-frame.ts";
export { decodeBinaryFrame, encodeBinaryFrame, FrameKind, HEADER_BYTES, stampFrame } from "./binary-frame.ts";
export type { BinaryFrame, FrameHeader, Section, SectionData } from "./binary-frame.ts";
export { decodeBitmap, encodeBitmap } from "./bitmap-frame.ts";
export { CircuitDescription, NeuronDescription } from "./circuit-description.ts";
export {
  CheckpointEntry,
  ClientMessage,
  CloseCode,
  parseClientMessage,
  parseServerMessage,
  PROTOCOL_VERSION,
  ServerMessage,
  SPEED_RANGE,
  SUBPROTOCOL,
} from "./control.ts";
export type { LiveStatus, SourceInfo } from "./control.ts";
export { CreditWindow, MAX_IN_FLIGHT } from "./credit-window.ts";
export { DatasetList, EpisodeAbout, EpisodeEntry, EpisodePage } from "./library.ts";
export { Demonstration, DrivenWorld, KeptDemonstration, parseDemonstration } from "./demonstration.ts";
export { ColumnLayout, EpisodeLayout } from "./episode-layout.ts";
export type { Extent } from "./episode-layout.ts";
export { decodeScene, encodeScene } from "./scene-codec.ts";
export type { EncodedScene } from "./scene-codec.ts";
export { SITE_META, SiteIndex } from "./site.ts";
export { decodeStep, encodeStep, StepSection } from "./step-record.ts";
export type { StepRecord } from "./step-record.ts";
