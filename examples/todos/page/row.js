const template = document.querySelector("#row");

/**
 * One todo on the page. `actions` are what its buttons do: `tick(id, done)`, `change(id, content)` (rejects with what
 * is wrong), `remove(id)`, `shift(id, by)` (by one place up or down).
 */
export class Row {
  #todo;
  #part;
  #waiting = false;

  constructor(todo, actions) {
    this.element = template.content.cloneNode(true).firstElementChild;
    this.#part = (name) => this.element.querySelector(`.${name}`);
    this.#todo = todo;
    const { id } = todo;
    this.element.dataset.id = id;
    this.#part("content").id = `todo-${id}`;
    this.#part("done").setAttribute("aria-labelledby", `todo-${id}`);
    this.#part("problem").id = `problem-${id}`;
    this.#part("edit").setAttribute("aria-describedby", `problem-${id}`);

    this.#part("done").addEventListener("change", (event) => actions.tick(id, event.target.checked));
    this.#part("up").addEventListener("click", () => actions.shift(id, -1));
    this.#part("down").addEventListener("click", () => actions.shift(id, 1));
    this.#part("remove").addEventListener("click", () => actions.remove(id));
    this.#part("change").addEventListener("click", () => this.#edit());
    this.#part("content").addEventListener("dblclick", () => this.#edit());
    this.#part("grip").addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      actions.shift(id, by);
    });
    this.#part("edit").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#leave();
      if (event.key === "Enter" && !event.isComposing) void this.#keep(actions.change);
    });
    this.#part("edit").addEventListener("blur", () => {
      if (this.#editing) void this.#keep(actions.change);
    });
  }

  get #editing() {
    return this.element.classList.contains("editing");
  }

  /** Shows the todo as it is now, at its place (from 0) among `count`. */
  show(todo, place, count) {
    this.#todo = todo;
    const { content, done } = todo;
    this.#part("content").textContent = content;
    this.#part("done").checked = done;
    this.#part("grip").ariaLabel = `Move “${content}”, place ${place + 1} of ${count}: arrow keys`;
    this.#part("up").ariaLabel = `Move “${content}” up`;
    this.#part("down").ariaLabel = `Move “${content}” down`;
    this.#part("change").ariaLabel = `Edit “${content}”`;
    this.#part("remove").ariaLabel = `Delete “${content}”`;
    // Not `disabled`: a disabled button loses the focus, and with it the place of who moves a todo by keyboard.
    this.#part("up").ariaDisabled = String(place === 0);
    this.#part("down").ariaDisabled = String(place === count - 1);
  }

  focus(part) {
    this.#part(part).focus();
  }

  #edit() {
    this.#toggle(true);
    this.#part("edit").value = this.#todo.content;
    this.#part("edit").select();
  }

  #leave() {
    // Only who is still in the field is led back to the button; the wait may have been long enough to move on.
    const inside = document.activeElement === this.#part("edit");
    this.#toggle(false);
    this.#complain("");
    if (inside) this.#part("change").focus();
  }

  async #keep(change) {
    const content = this.#part("edit").value.trim();
    // Enter may be followed by a click elsewhere before the answer is there.
    if (this.#waiting) return;
    if (content === this.#todo.content) return this.#leave();
    this.#waiting = true;
    try {
      await change(this.#todo.id, content);
    } catch (problem) {
      return this.#complain(problem.message);
    } finally {
      this.#waiting = false;
    }
    this.#leave();
  }

  #toggle(editing) {
    this.element.classList.toggle("editing", editing);
    this.#part("content").hidden = editing;
    this.#part("edit").hidden = !editing;
    if (editing) this.#part("edit").focus();
  }

  #complain(message) {
    this.#part("problem").textContent = message;
    this.#part("edit").ariaInvalid = String(message !== "");
  }
}
