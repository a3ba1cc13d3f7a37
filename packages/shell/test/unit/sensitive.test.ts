import { expect, test } from "vitest";
import { isSensitive } from "../../src/editor/sensitive.ts";

test.each([
  "AUTH secret",
  "auth user secret",
  "HELLO 3 AUTH user secret",
  "hello 3 setname x auth user secret",
  "ACL SETUSER u >secret",
  "acl deluser u",
  "ACL GETUSER u",
  "CONFIG SET requirepass secret",
  "CONFIG SET maxmemory 1 masterauth secret",
  "CONFIG SET tls-key-file-pass secret",
  "CONFIG SET some-password secret",
  "MIGRATE h 1 k 0 1 AUTH secret",
  "MIGRATE h 1 k 0 1 COPY AUTH2 user secret",
  "SENTINEL SET m auth-pass secret",
  "SENTINEL SET m quorum 2 auth-pass secret",
  "SENTINEL CONFIG SET sentinel-pass secret",
])("%s is not kept", (line) => {
  expect(isSensitive(line.split(" "))).toBe(true);
});

test.each([
  "GET auth",
  "SET password x",
  "CONFIG GET requirepass",
  "CONFIG SET maxmemory 1",
  "HELLO 3",
  "ACL LIST",
  "SENTINEL SET m quorum 2",
])("%s is kept", (line) => {
  expect(isSensitive(line.split(" "))).toBe(false);
});
