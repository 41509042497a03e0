import { type Program, type Running, start } from '../machine/program.ts'
import type { RunOptions } from '../section.ts'
import type { Driver } from './drive.ts'
import { type Figures, figures, takeTurns, warmUp } from './turns.ts'

/** What was found of a contestant, whose driver may know more. */
export type Found<Contestant extends Program, Drive extends Driver = Driver> = Contestant &
  Figures & { readonly driver: Drive }

/** Starts and warms up all contestants, lets them take turns, and stops them, whatever happens. */
export async function contest<Contestant extends Program, Drive extends Driver>(
  contestants: readonly Contestant[],
  options: RunOptions,
  drive: (running: Running, contestant: Contestant) => Promise<Drive>,
): Promise<Found<Contestant, Drive>[]> {
  const lanes: { contestant: Contestant; pids: number[]; driver: Drive }[] = []
  const started: Running[] = []
  try {
    for (const contestant of contestants) {
      const running = await start(contestant, options.cores, options.flags)
      started.push(running)
      const lane = { contestant, pids: [running.pid], driver: await drive(running, contestant) }
      await warmUp(lane, options.warmMs)
      lanes.push(lane)
    }
    const windows = await takeTurns(lanes, options)
    return lanes.map(({ contestant, driver }, index) => ({ ...contestant, driver, ...figures(windows[index] ?? []) }))
  } finally {
    await Promise.all(started.map(running => running.stop()))
  }
}
