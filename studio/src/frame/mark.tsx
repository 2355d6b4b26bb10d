/** Two loops in one line. */
export const Mark = ({ size = 24 }: { readonly size?: number }) => (
  <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden style={{ flex: 'none' }}>
    <rect width="32" height="32" rx="7" fill="var(--accent-fill)" />
    <path
      d="M16 16c-2.6-3.5-4.700-5-7-5a5 5 0 0 0 0 10c2.300 0 4.400-1.500 7-5s4.700-5 7-5a5 5 0 0 1 0 10c-2.300 0-4.400-1.500-7-5z"
      fill="none"
      stroke="#fff"
      strokeWidth="2.6"
    />
  </svg>
)
