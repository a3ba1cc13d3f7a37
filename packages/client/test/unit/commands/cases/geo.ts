import type { Case } from "./case.ts";

const place = { longitude: 15, latitude: 37 };
const wide = { radius: 200, unit: "km" };
const box = { width: 400, height: 400.5, unit: "km" };
const all = ["WITHDIST", "WITHHASH", "WITHCOORD"];

export const geoCases: readonly Case[] = [
  ["geoAdd", "g1", { longitude: 13.5, latitude: "38.1", member: "new" }],
  ["geoAdd", "g1", [{ ...place, member: "Palermo" }], { condition: "XX", CH: true }],
  ["geoAdd", "g1", [{ ...place, member: "Palermo" }], { NX: true }],
  ["geoAdd", "g1", [{ ...place, member: "new" }], { XX: true }],
  ["geoDist", "g1", "Palermo", "Catania"],
  ["geoDist", "g1", "Palermo", "Catania", "mi"],
  ["geoDist", "g1", "Palermo", "none"],
  ["geoHash", "g1", "Palermo"],
  ["geoHash", "g1", ["Palermo", "none"]],
  ["geoPos", "g1", "Palermo"],
  ["geoPos", "g1", ["none", "Catania"]],
  ["geoSearch", "g1", "Palermo", wide],
  ["geoSearch", "g1", place, box, { SORT: "DESC", COUNT: 1 }],
  ["geoSearch", "g1", place, wide, { COUNT: { value: 1 } }],
  ["geoSearch", "g1", place, wide, { SORT: "ASC", COUNT: { value: 2, ANY: true } }],
  ["geoSearchWith", "g1", place, wide, all, { SORT: "ASC" }],
  ["geoSearchWith", "g1", "Palermo", box, ["WITHCOORD"]],
  ["geoSearchWith", "g1", "Palermo", box, ["WITHHASH", "WITHDIST"]],
  ["geoSearchWith", "none", place, box, all],
  ["geoSearchStore", "none", "g1", place, wide],
  ["geoSearchStore", "none", "g1", "Palermo", box, { SORT: "ASC", COUNT: 1, STOREDIST: true }],
  ["geoRadius", "g1", place, 200, "km"],
  ["geoRadiusRo", "g1", place, 200, "km", { COUNT: 1, SORT: "ASC" }],
  ["geoRadiusWith", "g1", place, 200, "km", all, { SORT: "DESC" }],
  ["geoRadiusRoWith", "g1", place, 200, "km", ["WITHDIST"]],
  ["geoRadiusStore", "g1", place, 200, "km", "none", { SORT: "ASC" }],
  ["geoRadiusStore", "g1", place, 200, "km", "none", { STOREDIST: true }],
  ["geoRadiusByMember", "g1", "Palermo", 200, "km"],
  ["geoRadiusByMember", "g1", "none", 200, "km"],
  ["geoRadiusByMemberRo", "g1", "Palermo", 200, "km", { COUNT: { value: 1, ANY: true } }],
  ["geoRadiusByMemberWith", "g1", "Palermo", 200, "km", all],
  ["geoRadiusByMemberRoWith", "g1", "Palermo", 200, "km", ["WITHCOORD"], { COUNT: 1, SORT: "ASC" }],
  ["geoRadiusByMemberStore", "g1", "Palermo", 200, "km", "none"],
  ["geoRadiusByMemberStore", "g1", "Palermo", 200, "km", "none", { STOREDIST: true, COUNT: 1 }],
];
