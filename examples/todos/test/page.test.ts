import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Todo } from "../src/todo.ts";
import { type Ground, startGround } from "./ground.ts";
import { find, whatIsMissing } from "./programs.ts";

const programs = {
  chromium: find("chromium", "chromium-browser", "google-chrome"),
  "redis-cli": find("redis-cli", "valkey-cli"),
};

const missing = whatIsMissing(programs);

describe.skipIf(missing !== "")(`the page ${missing}`, () => {
  let ground: Ground;
  let browser: Browser;
  let address: string;
  let page: Page;
  /** What the page complained about in its console: refused scripts, uncaught errors. */
  let complaints: string[];

  beforeAll(async () => {
    ground = await startGround();
    address = await ground.app.listen({ host: "127.0.0.1", port: 0 });
    browser = await chromium.launch({
      executablePath: programs.chromium ?? "",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await ground?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await ground.redis.command("FLUSHALL");
    complaints = [];
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      const refusal = message
        .text()
        .includes("Failed to load resource: the server responded with a status of");
      if (message.type() === "error" && !refusal) complaints.push(message.text());
    });
    await page.goto(address);
    await page.locator("#empty").waitFor();
  });
  afterEach(async () => {
    await page.close();
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join("\n")}`);
  });

  const rows = () => page.getByRole("listitem");
  const row = (content: string): Locator => rows().filter({ hasText: content });
  const contents = () => page.locator("li .content").allInnerTexts();
  const problems = () => page.getByRole("alert").filter({ visible: true }).allInnerTexts();

  async function add(...todos: readonly string[]): Promise<void> {
    for (const content of todos) {
      await page.getByLabel("What needs doing?").fill(content);
      await page.getByRole("button", { name: "Add" }).click();
      await row(content).waitFor();
    }
  }

  /** Waits until Redis, asked by another way than the page, has these todos in this order. */
  async function expectStored(...expected: readonly Partial<Todo>[]): Promise<void> {
    await expect
      .poll(async () => (await fetch(`${address}/todo`)).json())
      .toEqual(expected.map((todo) => expect.objectContaining(todo)));
  }

  async function reload(): Promise<void> {
    await page.reload();
    await rows().first().waitFor();
  }

  it("starts empty and says how it is connected", async () => {
    expect(await page.locator("#empty").innerText()).toContain("Nothing to do.");
    await expect
      .poll(() => page.locator("#connection").innerText())
      .toBe("connected over TLSv1.3 · certificate verified for localhost");
  });

  it("adds todos, and redis-cli reads them back over TLS", async () => {
    await add("Buy bread", "Olives & “cheese” <b>");
    expect(await contents()).toEqual(["Buy bread", "Olives & “cheese” <b>"]);
    expect(await page.locator("#count").innerText()).toBe("2 left of 2");
    expect(await page.locator("#empty").isVisible()).toBe(false);

    const { redis } = ground;
    const connection = ["--tls", "--cacert", redis.caFile, "-h", redis.host, "-p", String(redis.tlsPort)];
    const cli = async (...command: readonly string[]) => {
      const { stdout } = await promisify(execFile)(programs["redis-cli"] ?? "", [...connection, ...command], {
        env: { ...process.env, REDISCLI_AUTH: redis.password ?? "" },
        timeout: 30_000,
      });
      return stdout.trim();
    };
    expect(JSON.parse(await cli("GET", "urn:todo:2"))).toEqual({
      id: 2,
      content: "Olives & “cheese” <b>",
      order: 2,
      done: false,
    });
    expect((await cli("SMEMBERS", "ids:Todo")).split("\n").sort()).toEqual(["1", "2"]);
    expect(await cli("GET", "seq:Todo")).toBe("2");

    await reload();
    expect(await contents()).toEqual(["Buy bread", "Olives & “cheese” <b>"]);
  });

  it("ticks and unticks", async () => {
    await add("Buy bread", "Olives");
    await page.getByRole("checkbox", { name: "Buy bread" }).check();
    expect(await page.locator("#count").innerText()).toBe("1 left of 2");
    await expectStored({ id: 1, done: true }, { id: 2, done: false });
    await reload();
    expect(await page.getByRole("checkbox", { name: "Buy bread" }).isChecked()).toBe(true);
    await page.getByRole("checkbox", { name: "Buy bread" }).uncheck();
    await expectStored({ id: 1, done: false }, { id: 2, done: false });
  });

  it("edits by double click, by button, and not after Escape", async () => {
    await add("Buy bread");
    const field = page.getByLabel("Edit the todo");
    await page.getByText("Buy bread", { exact: true }).dblclick();
    await field.fill("Bake bread");
    await field.press("Enter");
    await expectStored({ id: 1, content: "Bake bread", done: false });

    await page.getByRole("button", { name: "Edit “Bake bread”" }).click();
    await field.fill("Something else");
    await field.press("Escape");
    expect(await contents()).toEqual(["Bake bread"]);
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Edit “Bake bread”");
    await page.keyboard.press("Enter");
    await field.fill("Bake rye bread");
    await page.getByLabel("What needs doing?").click();
    await expectStored({ id: 1, content: "Bake rye bread" });
    await reload();
    expect(await contents()).toEqual(["Bake rye bread"]);
  });

  it("deletes, and keeps the focus near", async () => {
    await add("one", "two", "three");
    await page.getByRole("button", { name: "Delete “two”" }).click();
    expect(await contents()).toEqual(["one", "three"]);
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Delete “three”");
    await expectStored({ content: "one" }, { content: "three" });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.locator("#empty").waitFor();
    await expectStored();
  });

  it("reorders by dragging the grip", async () => {
    await add("one", "two", "three", "four");
    const grip = await row("one").getByRole("button", { name: "Move “one”, place 1 of 4" }).boundingBox();
    const end = await row("three").boundingBox();
    if (grip === null || end === null) throw new Error("the rows cannot be seen");
    await page.mouse.move(grip.x + 4, grip.y + 4);
    await page.mouse.down();
    await page.mouse.move(grip.x + 4, end.y + end.height * 0.75, { steps: 8 });
    await page.mouse.up();
    await expectStored({ content: "two" }, { content: "three" }, { content: "one" }, { content: "four" });
    await reload();
    expect(await contents()).toEqual(["two", "three", "one", "four"]);
  });

  it("puts a dragged row back on Escape", async () => {
    await add("one", "two");
    await row("one").locator(".grip").hover();
    await page.mouse.down();
    await page.mouse.move(100, 700, { steps: 4 });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect(await contents()).toEqual(["one", "two"]);
  });

  it("reorders by keyboard and by buttons, keeping the focus, and says where the todo went", async () => {
    await add("one", "two", "three");
    await row("one").locator(".grip").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expectStored({ content: "two" }, { content: "three" }, { content: "one" });
    await expect.poll(() => page.locator("#spoken").innerText()).toBe("Moved one to place 3 of 3");
    await page.getByRole("button", { name: "Move “three” up" }).click();
    await expectStored({ content: "three" }, { content: "two" }, { content: "one" });
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Move “three” up");
    await reload();
    expect(await contents()).toEqual(["three", "two", "one"]);
  });

  it("shows what the service refuses, beside the field", async () => {
    await page.getByRole("button", { name: "Add" }).click();
    await expect.poll(problems).toEqual(["Content must not be empty."]);
    expect(await page.getByLabel("What needs doing?").getAttribute("aria-invalid")).toBe("true");
    await add("Buy bread");
    expect(await problems()).toEqual([]);
    await page.getByText("Buy bread", { exact: true }).dblclick();
    await page.getByLabel("Edit the todo").fill("x".repeat(501));
    await page.keyboard.press("Enter");
    await expect.poll(problems).toEqual(["Content must not be longer than 500 characters."]);
    await page.keyboard.press("Escape");
    expect(await contents()).toEqual(["Buy bread"]);
    expect(await problems()).toEqual([]);
  });

  it("shows what is true when a todo has gone meanwhile", async () => {
    await add("one", "two");
    await fetch(`${address}/todo/1`, { method: "DELETE" });
    await page.getByRole("checkbox", { name: "one" }).check();
    await expect.poll(problems).toEqual(["There is no todo 1."]);
    await expect.poll(contents).toEqual(["two"]);
  });

  it("says that Redis is away, keeps what was typed, and catches up by itself", async () => {
    const { proxy } = ground;
    const connection = page.locator("#connection");
    await add("one");
    await proxy.refuse();
    proxy.cut();
    await page.getByLabel("What needs doing?").fill("two");
    await page.getByRole("button", { name: "Add" }).click();
    await expect.poll(problems).toEqual([expect.stringContaining("Redis is away")]);
    await expect.poll(() => connection.innerText()).toBe("Redis is away; looking for it again");
    await page.getByRole("checkbox", { name: "one" }).click();
    await expect.poll(() => page.locator("#problem").innerText()).toContain("Redis is away");
    await expect.poll(() => page.getByRole("checkbox", { name: "one" }).isChecked()).toBe(false);

    await proxy.pass();
    await expect.poll(() => connection.getAttribute("data-state"), { timeout: 60_000 }).toBe("verified");
    await expect.poll(() => page.locator("#problem").innerText()).toBe("");
    expect(await page.getByRole("checkbox", { name: "one" }).isChecked()).toBe(false);
    await page.getByRole("button", { name: "Add" }).click();
    await row("two").waitFor();
    await expectStored({ content: "one", done: false }, { content: "two" });
  });
});
