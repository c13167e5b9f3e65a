import type { Manufacturer } from "../model/part.ts";

/** Kestrel Propulsion, Germany. */
export const KESTREL: Manufacturer = {
  name: "Kestrel Propulsion",
  country: "Germany",
  website: "https://kestrel-propulsion.example.com",
};
/** Aurora Dynamics, USA. */
export const AURORA: Manufacturer = {
  name: "Aurora Dynamics",
  country: "USA",
  website: "https://aurora-dynamics.example.com",
};
/** Baikal Engine Works, Kazakhstan. */
export const BAIKAL: Manufacturer = {
  name: "Baikal Engine Works",
  country: "Kazakhstan",
  website: "https://baikal-engines.example.com",
};
/** Hoshi Optics, Japan. */
export const HOSHI: Manufacturer = {
  name: "Hoshi Optics",
  country: "Japan",
  website: "https://hoshi-optics.example.com",
};
/** Nordlys Cryogenics, Norway. */
export const NORDLYS: Manufacturer = {
  name: "Nordlys Cryogenics",
  country: "Norway",
  website: "https://nordlys-cryo.example.com",
};
/** Albatros Aerostructures, France. */
export const ALBATROS: Manufacturer = {
  name: "Albatros Aerostructures",
  country: "France",
  website: "https://albatros-aero.example.com",
};
/** Pampa Composites, Argentina. */
export const PAMPA: Manufacturer = {
  name: "Pampa Composites",
  country: "Argentina",
  website: "https://pampa-composites.example.com",
};
/** Ganges Space Systems, India. */
export const GANGES: Manufacturer = {
  name: "Ganges Space Systems",
  country: "India",
  website: "https://ganges-space.example.com",
};
