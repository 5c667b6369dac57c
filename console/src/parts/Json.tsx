/** JSON as it is, easy to read and to copy. */
export function Json({ value }: { value: unknown }) {
  return <pre className="block" data-user-content tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>;
}
