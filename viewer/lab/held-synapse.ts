/** What one entry of a tensor gets from a synapse whose source is held, per unit of the synapse's gain. */
export interface HeldPart {
  readonly tensor: string;
  readonly at: number;
  readonly amount: number;
}

/** A synapse whose source is held: what it carries does not come from its weights any more. */
export interface HeldSynapse {
  readonly from: number;
  readonly to: number;
  readonly parts: readonly HeldPart[];
}
