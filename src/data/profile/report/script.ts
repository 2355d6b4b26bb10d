/** Finds columns by name and sorts tables by a click on a heading. Everything can be read without it. */
export const script = `
const search = document.getElementById('search')
search.addEventListener('input', () => {
  const wanted = search.value.trim().toLowerCase()
  for (const part of document.querySelectorAll('[data-name]')) part.hidden = !part.dataset.name.includes(wanted)
})
for (const heading of document.querySelectorAll('.sortable th')) {
  heading.tabIndex = 0
  const sort = () => {
    const body = heading.closest('table').tBodies[0]
    const index = heading.cellIndex
    const down = heading.getAttribute('aria-sort') === 'ascending'
    for (const other of heading.parentNode.children) other.removeAttribute('aria-sort')
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const key = (row) => row.cells[index].dataset.sort ?? row.cells[index].textContent.trim()
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)]
      return x !== '' && y !== '' && !isNaN(x) && !isNaN(y) ? x - y : x.localeCompare(y)
    }
    body.append(...[...body.rows].sort((a, b) => (down ? compare(b, a) : compare(a, b))))
  }
  heading.addEventListener('click', sort)
  heading.addEventListener('keydown', (event) => { if (event.key === 'Enter') sort() })
}
addEventListener('beforeprint', () => { for (const part of document.querySelectorAll('details')) part.open = true })
`
