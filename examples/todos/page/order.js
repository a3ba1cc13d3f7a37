/**
 * Moves one todo of an ordered list. Gives the whole new list, and the todos whose `order` changed and must be saved:
 * only those between the two places, because the numbers already in use are dealt out again. Equal numbers (another
 * program may have written them) are spread on the way.
 */
export function move(todos, from, to) {
  const numbers = todos.map((todo) => todo.order).sort((a, b) => a - b);
  for (let i = 1; i < numbers.length; i++) numbers[i] = Math.max(numbers[i], numbers[i - 1] + 1);
  const sequence = todos.toSpliced(from, 1).toSpliced(to, 0, todos[from]);
  const changed = [];
  const list = sequence.map((todo, i) => {
    if (todo.order === numbers[i]) return todo;
    const renumbered = { ...todo, order: numbers[i] };
    changed.push(renumbered);
    return renumbered;
  });
  return { list, changed };
}
