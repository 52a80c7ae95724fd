import MessagePassing
import ProcessGroups
import Testing

@Suite("ProcessLaunch")
struct ProcessLaunchTests {
  private func launch(_ environment: [String: String]) -> ProcessLaunch? { ProcessLaunch { environment[$0] } }

  @Test("no launcher: an empty environment, a job script, what makes no sense")
  func alone() {
    #expect(launch([:]) == nil)
    #expect(launch(["SLURM_JOB_ID": "7", "SLURM_PROCID": "0", "SLURM_NTASKS": "16", "SLURM_NPROCS": "16"]) == nil)
    #expect(launch(["PMI_SIZE": "many"]) == nil)
    #expect(launch(["OMPI_COMM_WORLD_SIZE": "-3"]) == nil)
  }

  @Test("Open MPI, MPICH, MVAPICH and srun say how many processes they started")
  func counts() {
    #expect(launch(["OMPI_COMM_WORLD_SIZE": "4", "PMIX_RANK": "0"])?.count == 4)
    #expect(launch(["PMI_SIZE": "3", "PMI_RANK": "2", "HYDI_CONTROL_FD": "7"])?.count == 3)
    #expect(launch(["MV2_COMM_WORLD_SIZE": "8"])?.count == 8)
    let step = ["SLURM_PROCID": "1", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "5"]
    #expect(launch(step)?.count == 5)
    #expect(launch(step)?.launcher == "srun")
    #expect(launch(step.merging(["PMI_SIZE": "5"]) { $1 })?.launcher == "srun")
  }

  @Test("mpirun inside a step of Slurm, which starts one helper per machine, counts itself")
  func nested() {
    let helper = ["SLURM_PROCID": "1", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "2"]
    #expect(launch(helper.merging(["OMPI_COMM_WORLD_SIZE": "64"]) { $1 })?.count == 64)
    #expect(launch(helper.merging(["PMI_SIZE": "64", "HYDI_CONTROL_FD": "3"]) { $1 })?.launcher.contains("MPICH") == true)
  }

  @Test("a launcher that does not say how many is a launcher")
  func unknown() throws {
    let some = try #require(launch(["PMIX_RANK": "0"]))
    #expect(some.count == nil)
  }

  @Test("tests run alone, and message passing does not start then")
  func start() throws {
    guard ProcessLaunch.ofThisProcess == nil else { return }
    #expect(ProcessLaunch.size == 1)
    #expect(try MessagePassing.start() == nil)
  }
}
