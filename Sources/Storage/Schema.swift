/// The tables of the store, as migrations: appended, never edited, each named for what it makes.
import GRDB

/// The migrations in their order; a store that knows others was written by a newer kith.
enum Schema {
  /// "kith" in ASCII: how a store of ours is told from any other SQLite file.
  static let applicationID: Int32 = 0x6b69_7468

  struct Migration: Sendable {
    let name: String
    let sql: String
  }

  static let migrations: [Migration] = [
    Migration(name: "set-up", sql: setUp),
    Migration(name: "readings", sql: readings),
    Migration(name: "pairs", sql: pairs),
    Migration(name: "plans and runs", sql: plansAndRuns),
    Migration(name: "leases and history", sql: leasesAndHistory),
    Migration(name: "companies as parents", sql: companiesAsParents),
    Migration(name: "kinds and sides", sql: kindsAndSides),
    Migration(name: "edits of others", sql: editsOfOthers),
    Migration(name: "destinations", sql: destinations),
    Migration(name: "where the gone went", sql: whereTheGoneWent),
    Migration(name: "files that wait", sql: filesThatWait),
    Migration(name: "tenants of companies", sql: tenantsOfCompanies),
    Migration(name: "runs of scripts", sql: runsOfScripts),
    Migration(name: "schedules", sql: schedules),
    Migration(name: "lines of the history", sql: linesOfTheHistory),
    Migration(name: "web sites of companies", sql: websitesOfCompanies),
  ]

  static let version = migrations.count

  /// Each migration is a transaction of its own, and leaves its number in `user_version`.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    for (index, migration) in migrations.enumerated() {
      migrator.registerMigration(migration.name) { db in
        try db.execute(sql: migration.sql)
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(index + 1)")
      }
    }
    return migrator
  }()

  private static let setUp = """
    CREATE TABLE connection (
      name TEXT NOT NULL PRIMARY KEY, system TEXT NOT NULL, parameters TEXT NOT NULL, secrets TEXT NOT NULL,
      findings TEXT NOT NULL, made_at_ms INTEGER NOT NULL, changed_at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE company (
      handle TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, is_renamed INTEGER NOT NULL, is_active INTEGER,
      status TEXT, seal INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE company_mapping (
      company TEXT NOT NULL REFERENCES company (handle) ON DELETE CASCADE,
      connection TEXT NOT NULL REFERENCES connection (name) ON DELETE CASCADE,
      record TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (company, connection), UNIQUE (connection, record)
    ) STRICT;
    CREATE TABLE sync (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, recipe TEXT NOT NULL, company TEXT,
      source TEXT NOT NULL, target TEXT NOT NULL, made_at_ms INTEGER NOT NULL, is_removed INTEGER NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT;
    -- Plans and runs of a removed sync stay; its name is free again.
    CREATE UNIQUE INDEX sync_name ON sync (name) WHERE is_removed = 0;
    CREATE TABLE setting (
      scope TEXT NOT NULL, owner TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (scope, owner, key)
    ) STRICT;
    CREATE TABLE setting_change (
      id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, owner TEXT NOT NULL, key TEXT NOT NULL, old TEXT,
      new TEXT, by TEXT NOT NULL, at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX setting_change_owner ON setting_change (scope, owner, at_ms);
    CREATE TABLE check_result (
      connection TEXT NOT NULL REFERENCES connection (name) ON DELETE CASCADE, partition TEXT NOT NULL,
      at_ms INTEGER NOT NULL, results TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (connection, partition)
    ) STRICT;
    """

  private static let readings = """
    CREATE TABLE snapshot_scope (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      connection TEXT NOT NULL REFERENCES connection (name) ON DELETE CASCADE,
      kind TEXT NOT NULL, partition TEXT NOT NULL, mark TEXT, certificate TEXT, last_attempt TEXT,
      counts TEXT NOT NULL, record_count INTEGER NOT NULL, seal INTEGER NOT NULL,
      UNIQUE (connection, kind, partition)
    ) STRICT;
    CREATE TABLE snapshot (
      owner INTEGER NOT NULL REFERENCES snapshot_scope (id) ON DELETE CASCADE,
      record TEXT NOT NULL, state TEXT NOT NULL, fields TEXT NOT NULL, version TEXT, modified_at_ms INTEGER,
      native TEXT, label_key TEXT NOT NULL, name_key TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (owner, record)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX snapshot_label ON snapshot (owner, label_key, name_key);
    CREATE INDEX snapshot_name ON snapshot (owner, name_key);
    CREATE TABLE tombstone (
      owner INTEGER NOT NULL REFERENCES snapshot_scope (id) ON DELETE CASCADE,
      record TEXT NOT NULL, at_ms INTEGER NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (owner, record)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE reading (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      scope INTEGER NOT NULL REFERENCES snapshot_scope (id) ON DELETE CASCADE,
      mode TEXT NOT NULL, started_at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE staged_record (
      owner INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
      record TEXT NOT NULL, state TEXT NOT NULL, fields TEXT NOT NULL, version TEXT, modified_at_ms INTEGER,
      native TEXT, label_key TEXT NOT NULL, name_key TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (owner, record)
    ) STRICT, WITHOUT ROWID;
    """

  private static let pairs = """
    CREATE TABLE link (
      sync INTEGER NOT NULL REFERENCES sync (id), kind TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
      state TEXT NOT NULL, made_by TEXT NOT NULL, run INTEGER, since_at_ms INTEGER NOT NULL,
      is_to_be_relinked INTEGER NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (sync, kind, source), UNIQUE (sync, kind, target)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE baseline (
      sync INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, source_fields TEXT NOT NULL,
      target_fields TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (sync, kind, source),
      FOREIGN KEY (sync, kind, source) REFERENCES link (sync, kind, source) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE verdict (
      id INTEGER PRIMARY KEY AUTOINCREMENT, sync INTEGER NOT NULL REFERENCES sync (id), ruling TEXT NOT NULL,
      reason TEXT NOT NULL, made_by TEXT NOT NULL, made_at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX verdict_sync ON verdict (sync);
    CREATE TABLE agreement (
      sync INTEGER NOT NULL PRIMARY KEY REFERENCES sync (id), settings TEXT NOT NULL, at_ms INTEGER NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT;
    """

  private static let plansAndRuns = """
    CREATE TABLE plan (
      id INTEGER PRIMARY KEY AUTOINCREMENT, sync INTEGER NOT NULL REFERENCES sync (id), state TEXT NOT NULL,
      is_undo INTEGER NOT NULL, made_at_ms INTEGER NOT NULL, body TEXT NOT NULL, counts TEXT NOT NULL,
      change_counts TEXT NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX plan_sync ON plan (sync, id);
    CREATE TABLE plan_decision (
      plan INTEGER NOT NULL REFERENCES plan (id) ON DELETE CASCADE, number INTEGER NOT NULL, source TEXT, target TEXT,
      is_change INTEGER NOT NULL, is_dropped INTEGER NOT NULL, dropped_by TEXT, body TEXT NOT NULL,
      seal INTEGER NOT NULL,
      PRIMARY KEY (plan, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX plan_decision_source ON plan_decision (plan, source);
    CREATE INDEX plan_decision_change ON plan_decision (plan, number) WHERE is_change = 1 AND is_dropped = 0;
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT, sync INTEGER NOT NULL REFERENCES sync (id), plan INTEGER,
      verb TEXT NOT NULL, by TEXT NOT NULL, is_attended INTEGER NOT NULL, started_at_ms INTEGER NOT NULL,
      ended_at_ms INTEGER, outcome TEXT NOT NULL, message TEXT, reason TEXT, done INTEGER NOT NULL,
      failed INTEGER NOT NULL, skipped INTEGER NOT NULL, not_sent INTEGER NOT NULL, requests INTEGER NOT NULL,
      request_floor INTEGER NOT NULL, active_pairs INTEGER, is_let_through INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX run_sync ON run (sync, started_at_ms);
    CREATE INDEX run_started ON run (started_at_ms);
    CREATE INDEX run_plan ON run (plan);
    CREATE TABLE run_line (
      run INTEGER NOT NULL REFERENCES run (id), number INTEGER NOT NULL, source TEXT, target TEXT,
      label TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, message TEXT, before TEXT,
      after TEXT, after_version TEXT, seal INTEGER NOT NULL,
      PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE journal (
      id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run (id), plan INTEGER NOT NULL,
      number INTEGER NOT NULL, sync INTEGER NOT NULL REFERENCES sync (id), token TEXT NOT NULL, action TEXT NOT NULL,
      source TEXT, target TEXT, field_values TEXT NOT NULL, state TEXT NOT NULL, outcome TEXT,
      at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX journal_time ON journal (sync, at_ms);
    CREATE INDEX journal_unsettled ON journal (sync) WHERE state <> 'settled';
    """

  private static let leasesAndHistory = """
    CREATE TABLE lease (
      sync INTEGER NOT NULL PRIMARY KEY REFERENCES sync (id), pid INTEGER NOT NULL, host TEXT NOT NULL,
      user TEXT NOT NULL, verb TEXT NOT NULL, token TEXT NOT NULL, since_at_ms INTEGER NOT NULL,
      until_at_ms INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE history (
      id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL, at_ms INTEGER NOT NULL, company TEXT,
      duration_ms INTEGER NOT NULL, exit_code INTEGER NOT NULL, session TEXT NOT NULL, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX history_time ON history (at_ms);
    """

  /// What a search for a line looks at, so that it reads no row that it does not return.
  private static let linesOfTheHistory = """
    CREATE INDEX history_line ON history (line, company, exit_code);
    """

  /// A part is the sync of one destination of the sync whose number it names.
  private static let destinations = """
    ALTER TABLE sync ADD COLUMN part_of INTEGER;
    ALTER TABLE sync ADD COLUMN place TEXT;
    CREATE INDEX sync_part ON sync (part_of) WHERE part_of IS NOT NULL;
    CREATE TABLE place (
      sync INTEGER NOT NULL REFERENCES sync (id), side TEXT NOT NULL, place TEXT NOT NULL, body TEXT NOT NULL,
      seal INTEGER NOT NULL,
      PRIMARY KEY (sync, side, place)
    ) STRICT, WITHOUT ROWID;
    """

  /// Null in rows that are older, and where the system did not say.
  private static let whereTheGoneWent = """
    ALTER TABLE tombstone ADD COLUMN parent TEXT;
    """

  /// Null in runs that no script made.
  private static let runsOfScripts = """
    CREATE TABLE script_text (hash TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, seal INTEGER NOT NULL) STRICT;
    CREATE TABLE script_run (
      id INTEGER PRIMARY KEY AUTOINCREMENT, script TEXT NOT NULL, text_hash TEXT REFERENCES script_text (hash),
      arguments TEXT NOT NULL, parent INTEGER REFERENCES script_run (id), by TEXT NOT NULL,
      is_attended INTEGER NOT NULL, is_dry INTEGER NOT NULL, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER,
      exit_code INTEGER, message TEXT, seal INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX script_run_script ON script_run (script, id);
    CREATE INDEX script_run_started ON script_run (started_at_ms);
    CREATE INDEX script_run_parent ON script_run (parent) WHERE parent IS NOT NULL;
    ALTER TABLE run ADD COLUMN script INTEGER;
    CREATE INDEX run_script ON run (script) WHERE script IS NOT NULL;
    """

  private static let tenantsOfCompanies = "ALTER TABLE company ADD COLUMN tenant TEXT;"

  private static let websitesOfCompanies = "ALTER TABLE company ADD COLUMN website TEXT;"

  /// A schedule runs either a script or a sync. What was begun last is all null, or has at least its first six columns.
  private static let schedules = """
    CREATE TABLE schedule (
      name TEXT NOT NULL PRIMARY KEY, script TEXT, arguments TEXT, sync INTEGER REFERENCES sync (id),
      recurrence TEXT NOT NULL, zone TEXT NOT NULL, made_by TEXT NOT NULL, made_at_ms INTEGER NOT NULL,
      moment_ms INTEGER, begun INTEGER, runner_pid INTEGER, runner_host TEXT, runner_user TEXT, runner_token TEXT,
      started_at_ms INTEGER, until_at_ms INTEGER, ended_at_ms INTEGER, exit_code INTEGER, seal INTEGER NOT NULL,
      CHECK ((script IS NULL) <> (sync IS NULL))
    ) STRICT;
    CREATE INDEX schedule_sync ON schedule (sync) WHERE sync IS NOT NULL;
    """

  /// What the system said of the last change that was no write of ours, and the complement of that number.
  private static let editsOfOthers = """
    ALTER TABLE snapshot ADD COLUMN edited_at_ms INTEGER;
    ALTER TABLE snapshot ADD COLUMN edited_check INTEGER;
    """

  /// What was written into a file that a person has to upload.
  private static let filesThatWait = """
    ALTER TABLE run ADD COLUMN waiting INTEGER;
    CREATE TABLE waiting (
      sync INTEGER NOT NULL REFERENCES sync (id), kind TEXT NOT NULL, source TEXT NOT NULL, action TEXT NOT NULL,
      field_values TEXT NOT NULL, file TEXT NOT NULL, run INTEGER NOT NULL, at_ms INTEGER NOT NULL,
      seal INTEGER NOT NULL,
      PRIMARY KEY (sync, kind, source)
    ) STRICT, WITHOUT ROWID;
    """

  /// In rows that are older, no kind means a person and no side the target.
  private static let kindsAndSides = """
    ALTER TABLE verdict ADD COLUMN kind TEXT;
    ALTER TABLE run_line ADD COLUMN kind TEXT;
    ALTER TABLE run_line ADD COLUMN side TEXT;
    ALTER TABLE journal ADD COLUMN kind TEXT;
    ALTER TABLE journal ADD COLUMN side TEXT;
    ALTER TABLE journal ADD COLUMN parent TEXT;
    -- Who waits for a lease, so that a scheduled run lets a person go first.
    CREATE TABLE lease_waiting (
      sync INTEGER NOT NULL REFERENCES sync (id), token TEXT NOT NULL, user TEXT NOT NULL, verb TEXT NOT NULL,
      until_at_ms INTEGER NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (sync, token)
    ) STRICT, WITHOUT ROWID;
    """

  private static let companiesAsParents = """
    ALTER TABLE snapshot ADD COLUMN parent TEXT;
    ALTER TABLE snapshot ADD COLUMN created_at_ms INTEGER;
    -- The reading that brought a row in its present content, and the complement of that number.
    ALTER TABLE snapshot ADD COLUMN arrived_in INTEGER;
    ALTER TABLE snapshot ADD COLUMN arrived_check INTEGER;
    CREATE INDEX snapshot_parent ON snapshot (owner, parent) WHERE parent IS NOT NULL;
    ALTER TABLE staged_record ADD COLUMN parent TEXT;
    ALTER TABLE staged_record ADD COLUMN created_at_ms INTEGER;
    CREATE TABLE arrival (
      owner INTEGER NOT NULL REFERENCES snapshot_scope (id) ON DELETE CASCADE,
      reading INTEGER NOT NULL, records INTEGER NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (owner, reading)
    ) STRICT, WITHOUT ROWID;
    """
}
