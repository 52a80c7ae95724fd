import DenseMatrices
import Testing

@Suite("MemoryBudget")
struct MemoryBudgetTests {
  /// A machine of texts as the kernel writes them; pages are counted in units of 4096 bytes where the machine's are.
  private static func system(_ files: [String: String]) -> (String) -> String? {
    let always = [
      "/proc/meminfo": "MemTotal:       16000000 kB\nMemAvailable:    1000000 kB\n",
      "/proc/self/statm": "1000 100 50 1 0 200 0\n",
      "/proc/self/status": "Name:\tx\nVmHWM:\t    2048 kB\n",
      "/proc/self/limits": "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max address space         unlimited            unlimited            bytes     \n",
    ]
    return { files[$0] ?? always[$0] }
  }

  private static func limits(_ bytes: Int) -> String {
    "Max address space         \(bytes)           unlimited            bytes     \n"
  }

  @Test("without limits it is what the machine has available")
  func machine() {
    let budget = MemoryBudget(system: Self.system([:]))
    #expect(budget.available == 1024 * 1_000_000 && budget.source == .machine && budget.mappable == .infinity)
    #expect(budget.highWater == 2048 * 1024 && budget.resident > 0)
  }

  @Test("a limit of the address space counts less what is mapped already, and never below zero")
  func addressSpace() {
    let free = MemoryBudget(system: Self.system(["/proc/self/limits": Self.limits(500_000_000)]))
    #expect(free.source == .addressSpace && free.available < 500_000_000 && free.available > 400_000_000)
    #expect(free.mappable == free.available)
    let full = MemoryBudget(system: Self.system(["/proc/self/limits": Self.limits(1000)]))
    #expect(full.available == 0 && !full.holds(1))
  }

  @Test("the narrowest of the nested control groups counts, version 2; cached files are free")
  func unified() {
    let budget = MemoryBudget(
      system: Self.system([
        "/proc/self/cgroup": "0::/jobs/17\n",
        "/sys/fs/cgroup/jobs/17/memory.max": "max\n", "/sys/fs/cgroup/jobs/17/memory.current": "90000000\n",
        "/sys/fs/cgroup/jobs/memory.max": "100000000\n", "/sys/fs/cgroup/jobs/memory.current": "90000000\n",
        "/sys/fs/cgroup/jobs/memory.stat": "anon 1\ninactive_file 40000000\nactive_file 7\n",
      ]))
    #expect(budget.source == .controlGroup && budget.available == 50_000_000)
  }

  @Test("control groups of version 1, with their number for no limit")
  func versionOne() {
    let files = [
      "/proc/self/cgroup": "5:cpu,cpuacct:/a\n4:memory:/a\n",
      "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "30000000\n",
      "/sys/fs/cgroup/memory/a/memory.usage_in_bytes": "10000000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "10000000\n",
    ]
    let budget = MemoryBudget(system: Self.system(files))
    #expect(budget.source == .controlGroup && budget.available == 20_000_000)
  }

  @Test("files that are missing or say nonsense leave the machine's memory")
  func nonsense() {
    for text in ["", "\n", "Max address space", "0::", "MemAvailable: many kB", "-1", "::::"] {
      let budget = MemoryBudget(system: { _ in text })
      #expect(budget.source == .machine && budget.available > 0, "\(text)")
    }
  }

  @Test("this process has some memory, and nine tenths of a budget may be planned for")
  func now() {
    let now = MemoryBudget.now()
    #expect(now.available > 0 && now.resident > 1_000_000 && now.highWater >= 0.5 * now.resident)
    let budget = MemoryBudget(available: 1000)
    #expect(budget.holds(900) && !budget.holds(901))
  }

  @Test("messages give sizes with three digits")
  func words() {
    #expect(MemoryBudget.words(1.5 * 1_073_741_824) == "1.5 GiB" && MemoryBudget.words(46 * 1_048_576) == "46 MiB")
    #expect(
      MemoryBudget(available: 1_073_741_824, source: .controlGroup).shortage(of: 2_147_483_648)
        == "about 2 GiB of memory; 1 GiB are available below the limit of the control group (container or batch job)")
  }
}
