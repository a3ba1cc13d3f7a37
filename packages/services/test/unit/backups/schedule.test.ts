import { expect, test } from "vitest";
import { dueBackup } from "../../../src/backups/schedule.ts";

const at = (text: string): number => Date.parse(`2026-11-${text}Z`);
const created = at("20T09:30:00");
const options = { created, hour: 3, minute: 15, days: 1 };

test("a frequent one is due ten minutes after the last of any kind", () => {
  const none = { daily: null, any: null };
  expect(dueBackup(created + 9 * 60_000, none, options)).toBeNull();
  expect(dueBackup(created + 10 * 60_000, none, options)).toBe("frequent");
  expect(dueBackup(at("20T10:00:00"), { daily: null, any: at("20T09:51:00") }, options)).toBeNull();
});

test("the daily one is due at its hour and minute in UTC, and when that was slept through as soon as possible", () => {
  const daily = at("21T03:15:00");
  const last = { daily, any: at("22T03:10:00") };
  expect(dueBackup(at("22T03:14:59"), last, options)).toBeNull();
  expect(dueBackup(at("22T03:15:00"), last, options)).toBe("daily");
  expect(dueBackup(at("25T02:00:00"), last, options)).toBe("daily");
  expect(
    dueBackup(at("25T02:00:01"), { daily: at("25T02:00:00"), any: at("25T02:00:00") }, options),
  ).toBeNull();
});

test("without an hour it is the time of day at which the service was made; without days there is none", () => {
  const by = { created, hour: null, minute: null, days: 3 };
  const any = at("21T09:25:00");
  expect(dueBackup(at("21T09:29:00"), { daily: null, any }, by)).toBeNull();
  expect(dueBackup(at("21T09:30:00"), { daily: null, any }, by)).toBe("daily");
  expect(dueBackup(at("21T09:30:00"), { daily: null, any }, { ...by, days: 0 })).toBeNull();
  expect(dueBackup(at("21T10:00:00"), { daily: null, any }, { ...by, hour: 10 })).toBe("daily");
});
