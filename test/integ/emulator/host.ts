import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DeployedPipeline } from './account';

const TASK_RUNNER = join(__dirname, '../../../assets/task-runner/task-runner.js');

/** The programs that the examples' commands call. Each fails as often as the scenario of its run says, and writes what a command needs. */
const PROGRAMS = {
  psql: `case "$*" in
  *"FROM imports"*) echo 1 ;;
  *"FROM orders"*) printf 'alice,10\\nbob,20\\n' ;;
  *"FROM customers"*) printf 'alice,gold\\nbob,silver\\n' ;;
  *"--file"*) echo restored ;;
  *) exit 2 ;;
esac`,
  tills: 'echo 100',
  pg_dump: 'test "$3" != no_such_table && echo "COPY $3 FROM stdin;"',
};

const FAILING = `#!/bin/sh
failing=$(cat "$SCENARIOS/$DATA_PIPELINE_RUN/$DATA_PIPELINE_OBJECT" 2>/dev/null || echo 0)
if [ "$DATA_PIPELINE_ATTEMPT" -le "$failing" ]; then echo "not this time" >&2; exit 1; fi
`;

/** How many attempts fail, by object. */
export type Failing = Readonly<Record<string, number>>;

/** A host with the bundled Task Runner, which serves all worker groups of a pipeline. */
export class Host {
  private readonly taskRunner: ChildProcess;
  private readonly exit: Promise<void>;

  constructor(folder: string, { environment, activities }: DeployedPipeline, failing: Readonly<Record<string, Failing>>) {
    const [programs, scenarios] = [join(folder, 'programs'), join(folder, 'scenarios')];
    mkdirSync(programs, { recursive: true });
    for (const [name, script] of Object.entries(PROGRAMS)) writeFileSync(join(programs, name), `${FAILING}${script}\n`, { mode: 0o755 });
    for (const [run, objects] of Object.entries(failing)) {
      mkdirSync(join(scenarios, run), { recursive: true });
      for (const [object, attempts] of Object.entries(objects)) writeFileSync(join(scenarios, run, object), `${attempts}`);
    }
    const options = [...activities.flatMap((arn) => ['--workerGroup', arn]), '--taskrunnerId', 'host', '--workDir', join(folder, 'work'), '--drainTimeout', '0'];
    this.taskRunner = spawn(process.execPath, [TASK_RUNNER, ...options], {
      env: { ...environment, PATH: [programs, process.env.PATH].join(delimiter), HOME: folder, SCENARIOS: scenarios },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.taskRunner.stderr?.pipe(createWriteStream(join(folder, 'task-runner.log')));
    this.exit = new Promise((resolve) => { this.taskRunner.once('close', () => resolve()).once('error', () => resolve()); });
  }

  public async stop(): Promise<void> {
    this.taskRunner.kill('SIGTERM');
    const patience = setTimeout(() => this.taskRunner.kill('SIGKILL'), 5000);
    await this.exit;
    clearTimeout(patience);
  }
}
