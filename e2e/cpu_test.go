package e2e

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tick is what the kernel counts CPU time in: a hundred a second, whatever the machine.
const tick = 10 * time.Millisecond

// cpu is the CPU time that each part of an installation has used so far.
type cpu struct{ tandem, postgres, temporal, simulator time.Duration }

// ours is what Tandem costs itself, without the servers it only talks to.
func (c cpu) ours() time.Duration { return c.tandem + c.postgres }

// cpuTimes reads it from the kernel. The simulator runs in the process of the tests, whose polling counts with it.
func (x *tandem) cpuTimes() cpu {
	x.t.Helper()
	usage := processTimes(x.t)
	var self syscall.Rusage
	require.NoError(x.t, syscall.Getrusage(syscall.RUSAGE_SELF, &self))
	return cpu{
		tandem:    usage.tree(x.server.cmd.Process.Pid),
		postgres:  usage.tree(x.postgres.PID()),
		temporal:  usage.tree(shared.temporal.PID()),
		simulator: time.Duration(self.Utime.Nano() + self.Stime.Nano()),
	}
}

// since is what was used between two readings, divided by n.
func (c cpu) since(before cpu, n int) cpu {
	each := func(now, before time.Duration) time.Duration { return (now - before) / time.Duration(n) }
	return cpu{
		tandem: each(c.tandem, before.tandem), postgres: each(c.postgres, before.postgres),
		temporal: each(c.temporal, before.temporal), simulator: each(c.simulator, before.simulator),
	}
}

// processes holds the CPU time and the parent of every process on the machine.
type processes map[int]struct {
	parent int
	used   time.Duration
}

// tree sums a process and those that came from it, ended ones included.
func (p processes) tree(root int) time.Duration {
	sum := p[root].used
	for pid, process := range p {
		if process.parent == root {
			sum += p.tree(pid)
		}
	}
	return sum
}

func processTimes(t testing.TB) processes {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err)
	all := processes{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + entry.Name() + "/stat")
		if err != nil {
			continue // it has ended meanwhile
		}
		all[pid] = parseStat(string(stat))
	}
	return all
}

// parseStat reads the fields behind the name in brackets, which may hold anything. See proc_pid_stat(5).
func parseStat(stat string) (process struct {
	parent int
	used   time.Duration
}) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	process.parent, _ = strconv.Atoi(fields[1]) // all are numbers
	for _, field := range fields[11:15] {       // utime, stime, and the same of children that have ended
		n, _ := strconv.Atoi(field)
		process.used += time.Duration(n) * tick
	}
	return process
}
