/** Who acts: a person, a service principal, or a part of the platform with an identity of its own. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly kind: 'User' | 'Application' | 'ManagedIdentity' | 'Key'
  /** Resource key that the actor's token is confined to; '' if it is not. */
  readonly confinedTo: string
}
