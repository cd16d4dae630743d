//! A server of `PostgreSQL` of our own with the same graph in tables (`tests/bench/peers/postgraphile/*.sql`).

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::model::{
    Area, CaseStudy, Initiative, Language, Organisation, PlaceTarget, Record, Status, Text, Topic, Town,
};
use maillage_tests::synthetic::Synthetic;

use super::servers;

/// A server that runs as long as this value lives.
pub struct Postgres {
    /// Where its data is; it belongs to the user that the server runs as.
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts an empty server, tuned as its documentation advises for such a machine.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = output(as_owner("mktemp").args(["--directory", "--tmpdir", "maillage-bench-postgres-XXXXXX"]))?;
        let folder = PathBuf::from(folder.trim());
        let data = folder.join("data");
        let mut initialise = as_owner(programs.join("initdb"));
        initialise
            .args(["--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data);
        output(&mut initialise)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c effective_cache_size=6GB -c work_mem=64MB \
             -c maintenance_work_mem=1GB -c random_page_cost=1.1 -c max_wal_size=8GB -c jit=off",
            folder.display()
        );
        let mut start = as_owner(programs.join("pg_ctl"));
        start.args(["--wait", "--options", &options, "--log"]).arg(folder.join("log")).arg("--pgdata").arg(&data).arg("start");
        // It leaves a server behind that would keep our output open.
        ensure!(
            start.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success(),
            "PostgreSQL did not start in {}",
            folder.display()
        );
        Ok(Self { folder, programs, port })
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://bench@127.0.0.1:{}/postgres", self.port)
    }

    /// Fills it with the graph.
    pub fn load(&self, graph: &Synthetic, reference: &[ChangeSet], folder: &Path) -> Result<()> {
        write_tables(graph, reference, folder)?;
        for script in ["schema.sql", "load.sql", "indexes.sql"] {
            let mut psql = Command::new(self.programs.join("psql"));
            psql.arg(self.url()).args(["--quiet", "--set=ON_ERROR_STOP=1", "--file"]);
            psql.arg(servers::sources().join("postgraphile").join(script)).current_dir(folder);
            output(&mut psql)?;
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = as_owner(self.programs.join("pg_ctl"));
        let _ = stop.args(["--mode=immediate", "--pgdata"]).arg(self.folder.join("data")).arg("stop").output();
        let _ = as_owner("rm").arg("--recursive").arg(&self.folder).output();
    }
}

/// Where the server's programs are: Debian keeps them off the path.
fn programs() -> Result<PathBuf> {
    let listed = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed: apt-get install postgresql")?;
    let mut versions: Vec<PathBuf> =
        listed.flatten().map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).collect();
    versions.sort();
    versions.pop().context("PostgreSQL has no initdb: apt-get install postgresql")
}

/// The server does not run as root: for root, as the user that its package made.
fn as_owner(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0");
    let mut command = if is_root {
        let mut command = Command::new("runuser");
        command.args(["--user", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("could not run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// A file of tab-separated values, as COPY reads it.
struct Table(BufWriter<File>);

impl Table {
    fn create(folder: &Path, name: &str) -> Result<Self> {
        Ok(Self(BufWriter::new(File::create(folder.join(format!("{name}.tsv")))?)))
    }

    fn row(&mut self, values: &[Option<&str>]) -> Result<()> {
        for (position, value) in values.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\t" };
            let value = match value {
                Some(value) => value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r"),
                None => "\\N".to_owned(),
            };
            write!(self.0, "{separator}{value}")?;
        }
        Ok(writeln!(self.0)?)
    }
}

/// The tables of `schema.sql`.
struct Tables {
    area: Table,
    topic: Table,
    organisation: Table,
    town: Table,
    town_area: Table,
    initiative: Table,
    initiative_town: Table,
    initiative_topic: Table,
    initiative_organisation: Table,
    /// An initiative waits for its case study, which follows it.
    waiting: Option<Initiative>,
}

fn write_tables(graph: &Synthetic, reference: &[ChangeSet], folder: &Path) -> Result<()> {
    let table = |name: &str| Table::create(folder, name);
    let mut tables = Tables {
        area: table("area")?,
        topic: table("topic")?,
        organisation: table("organisation")?,
        town: table("town")?,
        town_area: table("town_area")?,
        initiative: table("initiative")?,
        initiative_town: table("initiative_town")?,
        initiative_topic: table("initiative_topic")?,
        initiative_organisation: table("initiative_organisation")?,
        waiting: None,
    };
    for change_set in reference {
        tables.write(change_set)?;
    }
    for number in 0..graph.change_sets() {
        tables.write(&graph.change_set(number)?)?;
    }
    Ok(())
}

impl Tables {
    fn write(&mut self, change_set: &ChangeSet) -> Result<()> {
        for operation in &change_set.operations {
            let Operation::Put { record, .. } = operation else { continue };
            match &**record {
                Record::Area(area) => self.area(area)?,
                Record::Topic(topic) => self.topic(topic)?,
                Record::Organisation(organisation) => self.organisation(organisation)?,
                Record::Town(town) => self.town(town)?,
                Record::Initiative(initiative) => self.waiting = Some(initiative.clone()),
                Record::CaseStudy(case_study) => {
                    let initiative = self.waiting.take().context("a case study follows its initiative")?;
                    self.initiative(&initiative, case_study)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn area(&mut self, area: &Area) -> Result<()> {
        self.area.row(&[Some(area.key.as_str()), Some(area.name.as_str())])
    }

    fn topic(&mut self, topic: &Topic) -> Result<()> {
        let (french, english) = (topic.label(&Language::french()), topic.label(&Language::english()));
        self.topic.row(&[Some(topic.key.as_str()), Some(french), Some(english)])
    }

    fn organisation(&mut self, organisation: &Organisation) -> Result<()> {
        self.organisation.row(&[Some(organisation.key.as_str()), Some(organisation.name.as_str())])
    }

    fn town(&mut self, town: &Town) -> Result<()> {
        let population = town.population.map(|population| population.to_string());
        let latitude = town.point.map(|point| point.latitude().to_string());
        let longitude = town.point.map(|point| point.longitude().to_string());
        let key = town.key.as_str();
        self.town.row(&[
            Some(key),
            Some(town.name.as_str()),
            population.as_deref(),
            latitude.as_deref(),
            longitude.as_deref(),
        ])?;
        for area in &town.part_of {
            self.town_area.row(&[Some(key), Some(area.as_str())])?;
        }
        Ok(())
    }

    fn initiative(&mut self, initiative: &Initiative, case_study: &CaseStudy) -> Result<()> {
        let key = Some(initiative.key.as_str());
        let start = initiative.start.as_ref().map(ToString::to_string);
        let modified = initiative.modified.as_ref().map(ToString::to_string);
        self.initiative.row(&[
            key,
            Some(initiative.title.as_str()),
            initiative.summary.as_ref().map(Text::as_str),
            initiative.status.map(Status::as_str),
            start.as_deref(),
            modified.as_deref(),
            Some(&case_study.markdown()),
        ])?;
        for (position, place) in initiative.places.iter().enumerate() {
            if let PlaceTarget::Town(town) = &place.target {
                self.initiative_town.row(&[key, Some(town.as_str()), Some(&position.to_string())])?;
            }
        }
        let mut topics = Vec::new();
        for topic in initiative.kind.iter().chain(&initiative.topics) {
            if !topics.contains(&topic) {
                self.initiative_topic.row(&[key, Some(topic.as_str()), Some(&topics.len().to_string())])?;
                topics.push(topic);
            }
        }
        for (position, involvement) in initiative.involvements.iter().enumerate() {
            let organisation = Some(involvement.organisation.as_str());
            let role = Some(involvement.role.as_str());
            self.initiative_organisation.row(&[key, organisation, role, Some(&position.to_string())])?;
        }
        Ok(())
    }
}
