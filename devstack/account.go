package devstack

import (
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"tandem/devstack/process"
	"tandem/fault"
)

// account is the user a server runs as when this program runs as root, because PostgreSQL refuses to run as root. A nil
// account stands for the user this program runs as.
type account struct{ uid, gid uint32 }

// serverAccount gives the account for a cluster in dir: the owner of what is there already, else the user postgres that
// comes with PostgreSQL, else nobody.
func serverAccount(dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if info, err := os.Stat(dir); err == nil {
		if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 0 {
			return &account{uid: owner.Uid, gid: owner.Gid}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			return newAccount(found)
		}
	}
	return nil, fault.New(fault.NotFound,
		"PostgreSQL cannot run as root and there is neither a user postgres nor nobody: run this as an ordinary user")
}

// newAccount reads the numbers of a user found in the system's list.
func newAccount(found *user.User) (*account, error) {
	uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
	if errUID != nil || errGID != nil {
		return nil, fault.New(fault.Unsupported, "the user %s has no numeric id", found.Username)
	}
	return &account{uid: uint32(uid), gid: uint32(gid)}, nil
}

// apply makes the command run as the account, without root's supplementary groups.
func (a *account) apply(cmd *exec.Cmd) {
	if a != nil {
		process.Attributes(cmd).Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}

// own gives the file or folder to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot give %s to user %d", path, a.uid)
	}
	return nil
}

// canEnter reports whether the account may work in dir. It asks the kernel by running a program there, since mode bits
// alone do not know about access lists and read-only mounts of homes.
func (a *account) canEnter(dir string) bool {
	probe := exec.Command("true")
	probe.Dir = dir
	a.apply(probe)
	return probe.Run() == nil
}

// writeFile writes a small file that only the account may read.
func (a *account) writeFile(path, text string) error {
	if err := os.WriteFile(path, []byte(text), fs.FileMode(0o600)); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot write %s", path)
	}
	return a.own(path)
}
