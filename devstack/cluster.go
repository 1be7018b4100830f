package devstack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"tandem/devstack/process"
	"tandem/fault"
)

// superuser is the role that owns the cluster and its database.
const superuser = "tandem"

// cluster is a PostgreSQL data folder with its password beside it:
//
//	<dir>/data      what initdb made
//	<dir>/password  the superuser's password, for the cluster's owner only
type cluster struct {
	dir   string
	owner *account
}

func (c cluster) data() string         { return filepath.Join(c.dir, "data") }
func (c cluster) passwordFile() string { return filepath.Join(c.dir, "password") }

// placeCluster decides where the cluster lives: in <folder>/postgres, or, when the user that the server must run as
// cannot get there (a checkout under /root), in a folder of its own under fallback, to which <folder>/postgres then is
// a link.
func placeCluster(folder, fallback string) (cluster, error) {
	dir := filepath.Join(folder, "postgres")
	if target, err := os.Readlink(dir); err == nil {
		dir = target
	}
	owner, err := serverAccount(filepath.Join(dir, "data"))
	if err != nil {
		return cluster{}, err
	}
	c := cluster{dir: dir, owner: owner}
	if err := c.makeDir(); err != nil {
		return cluster{}, err
	}
	if c.owner.canEnter(c.dir) {
		return c, nil
	}
	return c.moveTo(filepath.Join(fallback, folderID(folder)))
}

// makeDir makes the cluster's folder, for its owner only.
func (c cluster) makeDir() error {
	if err := makeDir(c.dir, 0o700); err != nil {
		return err
	}
	return c.owner.own(c.dir)
}

// moveTo replaces the empty folder that its owner cannot reach by a link to one that it can.
func (c cluster) moveTo(dir string) (cluster, error) {
	link := c.dir
	c.dir = dir
	if err := makeDir(filepath.Dir(dir), 0o755); err != nil {
		return c, err
	}
	if err := c.makeDir(); err != nil {
		return c, err
	}
	if !c.owner.canEnter(dir) {
		return c, fault.New(fault.Unavailable, "PostgreSQL cannot run as root, and user %d, which it would run as, "+
			"can enter neither %s nor %s: choose a folder whose parents all users may enter", c.owner.uid, link, dir)
	}
	if err := os.Remove(link); err != nil {
		return c, fault.Wrap(fault.Unavailable, err, "%s is not empty, but the user it belongs to cannot enter it", link)
	}
	if err := os.Symlink(dir, link); err != nil {
		return c, fault.Wrap(fault.Unavailable, err, "cannot link %s to %s", link, dir)
	}
	return c, nil
}

// folderID tells folders apart in a name.
func folderID(folder string) string {
	sum := sha256.Sum256([]byte(folder))
	return hex.EncodeToString(sum[:6])
}

// major gives the version that made the data, 0 when there is none yet.
func (c cluster) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	major, parseErr := strconv.Atoi(strings.TrimSpace(string(text)))
	if err := errors.Join(err, parseErr); err != nil {
		return 0, fault.Wrap(fault.Unavailable, err, "%s is not a readable PostgreSQL data folder", c.data())
	}
	return major, nil
}

// password gives the superuser's password.
func (c cluster) password() (string, error) {
	text, err := os.ReadFile(c.passwordFile())
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err,
			"cannot read %s; without it the data beside it cannot be used: put it back, or remove both", c.passwordFile())
	}
	return strings.TrimSpace(string(text)), nil
}

// init makes the data folder with a new password. It is made under another name first, so that an interrupted run leaves
// nothing that looks like a cluster.
func (c cluster) init(ctx context.Context, bin programs) error {
	draft := c.data() + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot remove %s", draft)
	}
	if err := c.owner.writeFile(c.passwordFile(), rand.Text()+"\n"); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, bin.path("initdb"), "--pgdata", draft, "--username", superuser, "--encoding", "UTF8",
		"--locale", "C.UTF-8", "--auth", "scram-sha-256", "--pwfile", c.passwordFile())
	c.prepare(cmd)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fault.Wrap(fault.Unavailable, err, "initdb failed (%v)%s", err, process.LastLines(string(text)))
	}
	if err := os.Rename(draft, c.data()); err != nil {
		return fault.Wrap(fault.Unavailable, err, "cannot rename %s", draft)
	}
	return nil
}

// prepare makes the command run as the cluster's owner in its folder, without the PG* variables of whoever started us.
func (c cluster) prepare(cmd *exec.Cmd) {
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	c.owner.apply(cmd)
}
