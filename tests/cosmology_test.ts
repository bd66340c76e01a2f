/**
 * Section 2.2.1: expansion, growth, power spectrum and mass functions, against closed forms and
 * against the tables of COLOSSUS in `fixtures/` (see its README).
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  angularDiameterDistance,
  comovingDistance,
  type Cosmology,
  criticalDensity,
  growthFactor,
  HUBBLE_LENGTH,
  hubbleE,
  luminosityDistance,
  MAGNETICUM,
  matterDensity,
  omegaMatter,
} from "../src/cosmology/cosmology.ts";
import {
  computeMassFunction,
  MASS_FUNCTIONS,
  type MassFunctionName,
  type MassFunctionPlan,
} from "../src/cosmology/mass_function.ts";
import {
  MASS_DEFINITIONS,
  type MassDefinition,
} from "../src/cosmology/mass_functions/multiplicity.ts";
import {
  computePower,
  computeSigma,
  computeSigmaOfMass,
  computeSigmaSlope,
  createPowerSpectrum,
  lagrangianRadius,
  scalePowerSpectrum,
} from "../src/cosmology/power_spectrum.ts";
import { integrateSigma, tabulateSigma } from "../src/cosmology/sigma_table.ts";
import { TRANSFER_FUNCTIONS } from "../src/cosmology/transfer_function.ts";
import { differentiateCubicSpline, gaussLegendre } from "../src/numerics/calculus.ts";

// the tables of COLOSSUS

interface RedshiftTable {
  readonly z: number;
  readonly E: number;
  readonly growth_D_over_D0: number;
  readonly comoving_distance_Mpc_h: number;
  readonly rho_crit_Msun_h2_per_kpc3: number;
  readonly rho_matter_Msun_h2_per_kpc3: number;
  readonly Omega_m_z: number;
  readonly sigma_M: readonly number[];
  readonly dndlnM_h3_Mpc3: Readonly<Record<string, readonly number[]>>;
}

interface SigmaTables {
  readonly sigma8: number;
  readonly R_Mpc_h: readonly number[];
  readonly sigma_z0: Readonly<Record<"eisenstein98" | "eisenstein98_zb", readonly number[]>>;
  readonly k_h_Mpc: readonly number[];
  readonly P_lin_z0_eisenstein98: readonly number[];
  readonly z: readonly RedshiftTable[];
}

interface Reference {
  readonly params: { readonly [name in "H0" | "Om0" | "Ob0" | "ns"]: number };
  readonly log10_M_Msun_h: readonly number[];
  readonly tables: readonly SigmaTables[];
}

function readReference(name: string): Reference {
  return JSON.parse(Deno.readTextFileSync(new URL(`../fixtures/${name}.json`, import.meta.url)));
}

const REFERENCES = ["colossus_wmap7_magneticum", "colossus_planck18"].map((name) => {
  return { name, reference: readReference(name) };
});

/** Relative agreement asked for; the issue asks for 0.1%, 0.1% and, up to 10^15.2 Msun/h, 1%. */
const TOLERANCE = { background: 2e-8, growth: 1e-4, sigma: 2e-4, power: 2e-4, number: 5e-3 };
/** Beyond 10^15.2 Msun/h a number is many times more sensitive to sigma than sigma's own error. */
const TOLERANCE_RARE = 1e-2;
const LOG_MASS_RARE = 15.25;

function assertClose(actual: number, expected: number, relative: number, what: string): void {
  assertAlmostEquals(actual, expected, relative * Math.abs(expected), what);
}

function cosmologyOf({ params }: Reference, sigma8: number): Cosmology {
  const { H0, Om0, Ob0, ns } = params;
  return { omegaM: Om0, omegaB: Ob0, h: H0 / 100, ns, sigma8 };
}

/** "bocquet16/500c/hydro" -> bocquet16-hydro at 500c. */
function readKey(key: string): { fit: MassFunctionName; definition: MassDefinition } {
  const [fit, definition, physics] = key.split("/");
  const name = physics === undefined ? fit : `${fit}-${physics}`;
  return { fit: name as MassFunctionName, definition: definition as MassDefinition };
}

for (const { name, reference } of REFERENCES) {
  const masses = reference.log10_M_Msun_h;

  Deno.test(`expansion, distance, densities and growth are COLOSSUS's: ${name}`, () => {
    const cosmology = cosmologyOf(reference, 0.8);
    for (const table of reference.tables[0]!.z) {
      const { z } = table;
      const { background } = TOLERANCE;
      assertClose(hubbleE(cosmology, z), table.E, background, `E(${z})`);
      assertClose(omegaMatter(cosmology, z), table.Omega_m_z, background, `Omega_m(${z})`);
      assertClose(
        comovingDistance(cosmology, z),
        table.comoving_distance_Mpc_h,
        background,
        `d(${z})`,
      );
      const perMpc = 1e9; // (kpc/h)^-3 to (Mpc/h)^-3
      assertClose(
        criticalDensity(cosmology, z) / perMpc,
        table.rho_crit_Msun_h2_per_kpc3,
        background,
        `critical density at ${z}`,
      );
      assertClose(
        matterDensity(cosmology, z) / perMpc,
        table.rho_matter_Msun_h2_per_kpc3,
        background,
        `matter density at ${z}`,
      );
      assertClose(
        growthFactor(cosmology, z),
        table.growth_D_over_D0,
        TOLERANCE.growth,
        `growth(${z})`,
      );
    }
  });

  Deno.test(`sigma(R) and P(k) are COLOSSUS's, with and without wiggles: ${name}`, () => {
    for (const table of reference.tables) {
      const cosmology = cosmologyOf(reference, table.sigma8);
      const wiggles = createPowerSpectrum(cosmology);
      const smooth = createPowerSpectrum(cosmology, { transfer: "eisenstein98-no-wiggles" });
      table.R_Mpc_h.forEach((radius, i) => {
        const { eisenstein98, eisenstein98_zb } = table.sigma_z0;
        const what = `sigma(${radius}), sigma8 ${table.sigma8}`;
        assertClose(computeSigma(wiggles, radius), eisenstein98[i]!, TOLERANCE.sigma, what);
        assertClose(computeSigma(smooth, radius), eisenstein98_zb[i]!, TOLERANCE.sigma, what);
      });
      table.k_h_Mpc.forEach((k, i) => {
        const expected = table.P_lin_z0_eisenstein98[i]!;
        assertClose(computePower(wiggles, k), expected, TOLERANCE.power, `P(${k})`);
      });
    }
  });

  for (const key of Object.keys(reference.tables[0]!.z[0]!.dndlnM_h3_Mpc3)) {
    Deno.test(`sigma(M) and dn/dlnM of ${key} are COLOSSUS's: ${name}`, () => {
      for (const { sigma8, z: tables } of reference.tables) {
        const cosmology = cosmologyOf(reference, sigma8);
        for (const { z, sigma_M, dndlnM_h3_Mpc3 } of tables) {
          const plan = { cosmology, ...readKey(key), redshift: z };
          const { sigma, dndlnM } = computeMassFunction(plan, masses);
          masses.forEach((logMass, i) => {
            const what = `10^${logMass} at z ${z}, sigma8 ${sigma8}`;
            assertClose(sigma[i]!, sigma_M[i]!, TOLERANCE.sigma, what);
            const relative = logMass < LOG_MASS_RARE ? TOLERANCE.number : TOLERANCE_RARE;
            assertClose(dndlnM[i]!, dndlnM_h3_Mpc3[key]![i]!, relative, what);
          });
        }
      }
    });
  }
}

Deno.test("every fit is compared with COLOSSUS at one of its definitions at least", () => {
  const compared = new Set(
    Object.keys(REFERENCES[0]!.reference.tables[0]!.z[0]!.dndlnM_h3_Mpc3)
      .map((key) => readKey(key).fit),
  );
  assertEquals([...compared].sort(), Object.keys(MASS_FUNCTIONS).sort());
});

// closed forms: the background

const EINSTEIN_DE_SITTER: Cosmology = { omegaM: 1, omegaB: 0.05, h: 0.7, ns: 1, sigma8: 0.8 };

Deno.test("growth in an Einstein-de Sitter universe is the scale factor", () => {
  for (const z of [0, 0.07, 1, 9, 99]) {
    assertAlmostEquals(growthFactor(EINSTEIN_DE_SITTER, z), 1 / (1 + z), 1e-12);
  }
});

Deno.test("growth with Lambda solves the equation of growth", () => {
  // D'' + (2 + dlnH/dlna) D' = 1.5 Omega_m(a) D, primes for d/dlna, matter and Lambda only
  const { omegaM } = MAGNETICUM;
  const step = 0.01;
  for (const z of [0.05, 0.5, 2, 8]) {
    const [before, at, after] = [-step, 0, step].map((s) => {
      return growthFactor(MAGNETICUM, (1 + z) * Math.exp(-s) - 1);
    }) as [number, number, number];
    const matter = omegaM * (1 + z) ** 3 / (omegaM * (1 + z) ** 3 + 1 - omegaM);
    const first = (after - before) / (2 * step);
    const second = (after - 2 * at + before) / step ** 2;
    assertAlmostEquals((second + (2 - 1.5 * matter) * first) / (1.5 * matter * at), 1, 1e-4);
  }
});

Deno.test("growth slows with more dark energy, and the rate today is near Omega_m^0.55", () => {
  for (const omegaM of [0.1, 0.25, 0.5, 0.9]) {
    const cosmology = { ...MAGNETICUM, omegaM };
    const rate = -Math.log(growthFactor(cosmology, 0.01)) / Math.log(1.01);
    assertAlmostEquals(rate, omegaMatter(cosmology, 0.005) ** 0.55, 0.01);
  }
});

Deno.test("the Einstein-de Sitter distance is 2 c/H0 (1 - 1/sqrt(1+z)), but for the radiation", () => {
  for (const z of [0.01, 0.5, 3]) {
    const expected = 2 * HUBBLE_LENGTH * (1 - 1 / Math.sqrt(1 + z));
    assertClose(comovingDistance(EINSTEIN_DE_SITTER, z), expected, 3e-4, `d(${z})`);
  }
});

Deno.test("distance is the integral of c/H however finely one sums, to the last redshift", () => {
  for (const z of [0.07, 1, 100]) {
    let sum = 0;
    const pieces = 200;
    for (let i = 0; i < pieces; i++) {
      const [from, to] = [z * (i / pieces) ** 3, z * ((i + 1) / pieces) ** 3];
      sum += gaussLegendre((at) => HUBBLE_LENGTH / hubbleE(MAGNETICUM, at), from, to, 8);
    }
    assertClose(comovingDistance(MAGNETICUM, z), sum, 1e-9, `d(${z})`);
  }
});

Deno.test("luminosity and angular diameter distances differ by (1+z)^2", () => {
  const [near, far] = [
    angularDiameterDistance(MAGNETICUM, 0.5),
    luminosityDistance(MAGNETICUM, 0.5),
  ];
  assertAlmostEquals(far / near, 2.25, 1e-12);
  assertEquals(comovingDistance(MAGNETICUM, 0), 0);
});

Deno.test("matter, radiation and dark energy add up: Omega_m(z) goes to 1 and then falls", () => {
  assertAlmostEquals(omegaMatter(MAGNETICUM, 0), MAGNETICUM.omegaM, 1e-12);
  assertAlmostEquals(
    matterDensity(MAGNETICUM, 0.5) / criticalDensity(MAGNETICUM, 0.5),
    omegaMatter(MAGNETICUM, 0.5),
    1e-12,
  );
  assertGreater(omegaMatter(MAGNETICUM, 10), 0.99);
  assertLess(omegaMatter(MAGNETICUM, 100), omegaMatter(MAGNETICUM, 20));
});

// closed forms: the power spectrum

Deno.test("sigma of a power-law spectrum is the power law of the closed form", () => {
  // the integral of x^(n+2) W(x)^2 over x is 3 pi / 5 for n = -2 and 9/4 for n = -1
  for (const [n, integral, tolerance] of [[-2, 0.6 * Math.PI, 2e-4], [-1, 9 / 4, 1e-5]] as const) {
    const sigma = integrateSigma((k) => 50 * k ** n);
    for (const radius of [2, 8, 30]) {
      const expected = Math.sqrt(50 * integral / (2 * Math.PI ** 2)) * radius ** (-(n + 3) / 2);
      assertClose(sigma(radius), expected, tolerance, `sigma(${radius}) for n = ${n}`);
    }
  }
});

Deno.test("the slope of sigma of a power-law spectrum is -(n + 3) / 2 at both kinds of nodes", () => {
  for (const nodes of ["colossus", "fine"] as const) {
    const table = tabulateSigma(integrateSigma((k) => 1 / k), nodes);
    for (const radius of [0.5, 3, 10, 40]) {
      assertAlmostEquals(differentiateCubicSpline(table, Math.log(radius)), -1, 1e-5, nodes);
    }
  }
});

Deno.test("with fine nodes sigma is the integral, and its slope that of sigma", () => {
  const spectrum = createPowerSpectrum(MAGNETICUM, { nodes: "fine" });
  const power = (k: number) => computePower(spectrum, k);
  const exact = integrateSigma(power);
  for (const radius of [0.05, 0.7, 5, 11, 60, 500]) {
    assertClose(computeSigma(spectrum, radius), exact(radius), 1e-5, `sigma(${radius})`);
    const step = 1e-3;
    const slope = Math.log(exact(radius * Math.exp(step)) / exact(radius * Math.exp(-step))) /
      (2 * step);
    assertAlmostEquals(computeSigmaSlope(spectrum, radius), slope, 1e-3, `slope(${radius})`);
  }
  assertClose(exact(8), 0.809, 1e-9, "sigma8");
});

Deno.test("sigma at whole steps of ln R, which a table of the window gives, is that next to them", () => {
  const sigma = integrateSigma((k) => k / (1 + (20 * k) ** 3));
  for (const ln of [-7, -4, -0.05, 0, 1, 6.9, 7]) {
    const radius = Math.exp(ln);
    assertClose(sigma(radius), sigma(radius * (1 + 1e-9)), 1e-8, `sigma(exp(${ln}))`);
  }
});

Deno.test("with COLOSSUS's nodes sigma of clusters is within 0.1% of the integral, but not equal", () => {
  const coarse = createPowerSpectrum(MAGNETICUM, { nodes: "colossus" });
  const fine = createPowerSpectrum(MAGNETICUM, { nodes: "fine" });
  let worst = 0;
  for (let logMass = 13; logMass < 15.6; logMass += 0.1) {
    const ratio = computeSigmaOfMass(coarse, 10 ** logMass) /
      computeSigmaOfMass(fine, 10 ** logMass);
    worst = Math.max(worst, Math.abs(ratio - 1));
  }
  assertLess(worst, 1e-3);
  assertGreater(worst, 1e-4);
});

Deno.test("transfer functions are 1 on the largest scales and fall as ln k / k^2 on the smallest", () => {
  for (const [name, create] of Object.entries(TRANSFER_FUNCTIONS)) {
    const transfer = create(MAGNETICUM);
    assertAlmostEquals(transfer(1e-6), 1, 1e-3, name);
    const slope = Math.log(transfer(1e5) / transfer(1e4)) / Math.log(10);
    assertAlmostEquals(slope, -2 + 1 / Math.log(1.8 * 1e4 / 0.15), 0.05, name);
  }
});

Deno.test("acoustic oscillations cross the smooth spectrum at the sound horizon's wavelength", () => {
  const [wiggles, smooth] = [
    TRANSFER_FUNCTIONS["eisenstein98"](MAGNETICUM),
    TRANSFER_FUNCTIONS["eisenstein98-no-wiggles"](MAGNETICUM),
  ];
  const peaks: number[] = [];
  const ratio = (k: number) => (wiggles(k) / smooth(k)) ** 2;
  for (let k = 0.04; k < 0.3; k += 0.0005) {
    if (ratio(k) > ratio(k - 0.0005) && ratio(k) > ratio(k + 0.0005)) peaks.push(k);
  }
  assertGreater(peaks.length, 2);
  // WMAP7's sound horizon at the drag epoch is 153 Mpc, 107 Mpc/h (Komatsu et al. 2011)
  const spacing = (peaks[peaks.length - 1]! - peaks[0]!) / (peaks.length - 1);
  assertClose(spacing, 2 * Math.PI / 107, 0.05, "spacing of the peaks");
});

Deno.test("with few baryons both transfer functions are the same", () => {
  const cosmology = { ...MAGNETICUM, omegaB: 1e-3 };
  for (const k of [0.001, 0.02, 0.1, 1, 10]) {
    const wiggles = TRANSFER_FUNCTIONS["eisenstein98"](cosmology)(k);
    assertClose(wiggles, TRANSFER_FUNCTIONS["eisenstein98-no-wiggles"](cosmology)(k), 0.03, `${k}`);
  }
});

Deno.test("power and sigma scale with sigma8 and growth, and scaling reuses the shape", () => {
  const spectrum = createPowerSpectrum(MAGNETICUM);
  const scaled = scalePowerSpectrum(spectrum, 0.9);
  const fresh = createPowerSpectrum({ ...MAGNETICUM, sigma8: 0.9 });
  assert(scaled.shape === spectrum.shape);
  assertAlmostEquals(computeSigma(scaled, 5), computeSigma(fresh, 5), 1e-12);
  assertClose(computePower(scaled, 0.1), computePower(fresh, 0.1), 1e-12, "power");
  const growth = growthFactor(MAGNETICUM, 0.7);
  assertAlmostEquals(computeSigma(spectrum, 5, 0.7) / computeSigma(spectrum, 5), growth, 1e-12);
  const ratio = computePower(spectrum, 0.2, 0.7) / computePower(spectrum, 0.2);
  assertAlmostEquals(ratio, growth ** 2, 1e-12);
});

Deno.test("a sphere of the Lagrangian radius holds the mass at the mean density", () => {
  const radius = lagrangianRadius(MAGNETICUM, 1e14);
  assertClose(4 / 3 * Math.PI * radius ** 3 * matterDensity(MAGNETICUM), 1e14, 1e-12, "mass");
});

// properties of the mass function

const STANDARD: MassFunctionPlan = {
  cosmology: MAGNETICUM,
  fit: "tinker08",
  definition: "500c",
  redshift: 0.07,
};

const GRID = Float64Array.from({ length: 60 }, (_, i) => 11 + i * 0.08);

for (const [name, fit] of Object.entries(MASS_FUNCTIONS)) {
  for (const definition of fit.definitions) {
    const plan = { ...STANDARD, fit: name as MassFunctionName, definition };

    Deno.test(`${name} at ${definition} is positive and falls with mass, at every redshift it allows`, () => {
      for (const redshift of [0, 0.07, 0.5, 1, fit.maxRedshift]) {
        const { dndlnM } = computeMassFunction({ ...plan, redshift }, GRID);
        dndlnM.forEach((value, i) => {
          assertGreater(value, 0);
          if (i > 0) assertLess(value, dndlnM[i - 1]!);
        });
      }
    });

    Deno.test(`${name} at ${definition} puts a tenth to six tenths of matter into halos above 10^11 Msun/h`, () => {
      const { logMass, dndlnM } = computeMassFunction(plan, GRID);
      let density = 0;
      for (let i = 0; i < GRID.length; i++) density += dndlnM[i]! * 10 ** logMass[i]!;
      const fraction = density * 0.08 * Math.LN10 / matterDensity(MAGNETICUM);
      assertGreater(fraction, 0.1);
      assertLess(fraction, 0.6);
    });

    Deno.test(`${name} at ${definition} has more clusters for a larger sigma8`, () => {
      const many = { ...plan, cosmology: { ...MAGNETICUM, sigma8: 0.9 } };
      const few = computeMassFunction(plan, [14, 15]).dndlnM;
      computeMassFunction(many, [14, 15]).dndlnM.forEach((n, i) => assertGreater(n, few[i]!));
    });
  }
}

Deno.test("fits of the same definition agree within 35% where clusters are counted", () => {
  const reference = computeMassFunction(STANDARD, [13.5, 14, 14.5]).dndlnM;
  for (const fit of Object.keys(MASS_FUNCTIONS) as MassFunctionName[]) {
    computeMassFunction({ ...STANDARD, fit }, [13.5, 14, 14.5]).dndlnM
      .forEach((n, i) => assertClose(n, reference[i]!, 0.35, fit));
  }
});

Deno.test("halos of a smaller overdensity are more massive, so there are more above a mass", () => {
  for (const fit of ["tinker08", "bocquet16-hydro", "bocquet16-dmo"] as const) {
    const [small, middle, large] = (["500c", "200c", "200m"] as const).map((definition) =>
      computeMassFunction({ ...STANDARD, fit, definition }, [14.3]).dndlnM[0]!
    );
    assertLess(small!, middle!);
    assertLess(middle!, large!);
  }
});

Deno.test("Tinker's f(sigma) at 200m is that of his Table 2", () => {
  const f = MASS_FUNCTIONS.tinker08.prepare({ ...STANDARD, definition: "200m", redshift: 0 });
  const expected = 0.186 * ((0.7 / 2.57) ** -1.47 + 1) * Math.exp(-1.19 / 0.49);
  assertAlmostEquals(f(0.7, 14), expected, 1e-12);
});

Deno.test("without oscillations the mass function is smooth in slope as well, and near the other", () => {
  const smooth = createPowerSpectrum(MAGNETICUM, { transfer: "eisenstein98-no-wiggles" });
  const wiggles = computeMassFunction(STANDARD, GRID);
  computeMassFunction(STANDARD, GRID, smooth).dndlnM
    .forEach((n, i) => assertClose(n, wiggles.dndlnM[i]!, 0.1, `10^${GRID[i]}`));
});

Deno.test("a spectrum given for another sigma8 gives the same mass function as none", () => {
  const spectrum = createPowerSpectrum({ ...MAGNETICUM, sigma8: 0.7 });
  const alone = computeMassFunction(STANDARD, GRID);
  const reused = computeMassFunction(STANDARD, GRID, spectrum);
  reused.dndlnM.forEach((n, i) => assertClose(n, alone.dndlnM[i]!, 1e-11, `10^${GRID[i]}`));
  reused.sigma.forEach((s, i) => assertClose(s, alone.sigma[i]!, 1e-13, `10^${GRID[i]}`));
  assertEquals([...reused.logMass], [...GRID]);
});

Deno.test("a mass is the same alone or in a list", () => {
  const { dndlnM } = computeMassFunction(STANDARD, GRID);
  assertEquals(computeMassFunction(STANDARD, [GRID[30]!]).dndlnM[0], dndlnM[30]);
  assertEquals(computeMassFunction(STANDARD, []).dndlnM.length, 0);
});

// what is refused

function messageOf(action: () => unknown): string {
  return assertThrows(action, RangeError).message;
}

Deno.test("a cosmology that is not physical is refused in one line that names the parameter", () => {
  const wrong: readonly (readonly [Partial<Cosmology>, string])[] = [
    [{ omegaB: 0.272 }, "omegaB is 0.272, should be below omegaM, 0.272"],
    [{ omegaB: 0.3 }, "omegaB is 0.3, should be below omegaM"],
    [{ omegaB: 0 }, "omegaB is 0"],
    [{ h: -0.7 }, "h is -0.7, should be from 0.1 to 2"],
    [{ h: 70.4 }, "h is 70.4"],
    [{ omegaM: 1.2 }, "omegaM is 1.2"],
    [{ omegaM: NaN }, "omegaM is NaN"],
    [{ sigma8: 0 }, "sigma8 is 0"],
    [{ ns: Infinity }, "ns is Infinity"],
  ];
  for (const [change, expected] of wrong) {
    const cosmology = { ...MAGNETICUM, ...change };
    for (
      const action of [
        () => hubbleE(cosmology, 0),
        () => growthFactor(cosmology, 0),
        () => comovingDistance(cosmology, 0.1),
        () => matterDensity(cosmology),
        () => createPowerSpectrum(cosmology),
        () => computeMassFunction({ ...STANDARD, cosmology }, [14]),
      ]
    ) {
      const message = messageOf(action);
      assertStringIncludes(message, `Cannot use cosmology: ${expected}`);
      assert(!message.includes("\n") && !message.endsWith("."));
    }
  }
});

Deno.test("a definition that a fit does not provide is refused, and those it does are named", () => {
  assertEquals(
    messageOf(() =>
      computeMassFunction({ ...STANDARD, fit: "despali16", definition: "200m" }, [14])
    ),
    "Cannot compute mass function: definition is 200m, should be one that despali16 provides: 500c",
  );
  const vir = "vir" as MassDefinition;
  assertStringIncludes(
    messageOf(() => computeMassFunction({ ...STANDARD, definition: vir }, [14])),
    "definition is vir, should be one that tinker08 provides: 500c, 200c, 200m",
  );
  for (const { definitions } of Object.values(MASS_FUNCTIONS)) {
    for (const definition of definitions) assert(definition in MASS_DEFINITIONS);
  }
});

Deno.test("an unknown fit, transfer function or kind of nodes is refused, and those known are named", () => {
  const fit = "toString" as MassFunctionName;
  assertStringIncludes(
    messageOf(() => computeMassFunction({ ...STANDARD, fit }, [14])),
    "fit is toString, should be one of tinker08, bocquet16-hydro, bocquet16-dmo, despali16",
  );
  assertStringIncludes(
    messageOf(() => createPowerSpectrum(MAGNETICUM, { transfer: "camb" as "eisenstein98" })),
    "transfer function is camb, should be one of eisenstein98, eisenstein98-no-wiggles",
  );
  assertStringIncludes(
    messageOf(() => createPowerSpectrum(MAGNETICUM, { nodes: "coarse" as "fine" })),
    "kind of nodes is coarse, should be one of colossus, fine",
  );
});

Deno.test("a redshift, mass, radius or wavenumber out of range is refused with the range", () => {
  const spectrum = createPowerSpectrum(MAGNETICUM);
  const wrong: readonly (readonly [() => unknown, string])[] = [
    [
      () => computeMassFunction({ ...STANDARD, redshift: -0.1 }, [14]),
      "z is -0.1, should be from 0",
    ],
    [
      () => computeMassFunction({ ...STANDARD, redshift: 3 }, [14]),
      "z is 3, should be from 0 to 2.5",
    ],
    [() => computeMassFunction({ ...STANDARD, redshift: NaN }, [14]), "z is NaN"],
    [
      () => computeMassFunction(STANDARD, [14, 1e14]),
      "log mass is 100000000000000, should be from 9",
    ],
    [() => computeMassFunction(STANDARD, [NaN]), "log mass is NaN"],
    [() => growthFactor(MAGNETICUM, 101), "z is 101, should be from 0 to 100"],
    [() => computeSigma(spectrum, 0), "radius is 0 Mpc/h, should be from 0.05 to 500"],
    [() => computeSigma(spectrum, NaN), "radius is NaN"],
    [() => computePower(spectrum, -1), "k is -1 h/Mpc, should be above 0"],
    [() => scalePowerSpectrum(spectrum, -1), "sigma8 is -1"],
    [
      () =>
        computeMassFunction({ ...STANDARD, cosmology: { ...MAGNETICUM, h: 0.7 } }, [14], spectrum),
      "Cannot reuse power spectrum: its h is 0.704, should be 0.7",
    ],
    [
      () => computeMassFunction({ ...STANDARD, cosmology: { ...MAGNETICUM, omegaM: 0.1 } }, [14]),
      "Cannot evaluate tinker08: 500c is 4173 times the matter density, should be from 200 to 3200",
    ],
  ];
  for (const [action, expected] of wrong) assertStringIncludes(messageOf(action), expected);
});

Deno.test("Bocquet's conversion is refused where it has a pole, beyond omegaM of 0.6", () => {
  for (const fit of ["bocquet16-hydro", "bocquet16-dmo"] as const) {
    const at = (omegaM: number) => () =>
      computeMassFunction({ ...STANDARD, fit, cosmology: { ...MAGNETICUM, omegaM } }, [14]);
    assertStringIncludes(messageOf(at(0.84)), "Cannot convert mass 10^14 Msun/h");
    assertGreater(at(0.6)().dndlnM[0]!, 0);
  }
});
