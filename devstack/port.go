package devstack

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"tandem/devstack/process"
	"tandem/fault"
)

// portTries is how many ports upwards from the preferred one are looked at before giving up.
const portTries = 200

// portChoices is how often other ports are chosen when somebody takes one between the choice and its use.
const portChoices = 5

// Listen listens on the preferred TCP port of 127.0.0.1, or on the next free one above it; a caller that prefers one and
// gets another should say so. 0 stands for any free port. The error is fault.Unavailable when none is free near the
// preferred one, and fault.Invalid when that is not a port number.
func Listen(preferred int) (net.Listener, error) {
	if preferred < 0 || preferred > 65535 {
		return nil, fault.Field("port", "%d is not a port number (0 to 65535)", preferred)
	}
	for port := preferred; port <= 65535 && port < preferred+portTries; port++ {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
		if err == nil {
			return listener, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "no free port from %d upwards on %s", preferred, loopback)
}

// FreePort returns the port that Listen would get, for a program that has to be told. It is free at the moment of asking
// only, so whoever uses it must still expect to fail, and choose again.
func FreePort(preferred int) (int, error) {
	ports, err := freePorts(preferred)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

// freePorts is FreePort for several ports that must differ from each other: each stays taken until all are found.
func freePorts(preferred ...int) ([]int, error) {
	ports := make([]int, 0, len(preferred))
	for _, want := range preferred {
		listener, err := Listen(want)
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// startOnFreePorts chooses ports and starts a server on them. Somebody may take a port between the choice and its use: then
// others are chosen.
func startOnFreePorts(choose, start func() error) error {
	var err error
	for range portChoices {
		if err = choose(); err != nil {
			return err
		}
		if err = start(); !errors.Is(err, process.ErrPortTaken) {
			return err
		}
	}
	return err
}

// reportPort says when a name got another port than it preferred.
func reportPort(name string, preferred, got int, report func(string)) {
	if preferred != 0 && got != preferred {
		report(fmt.Sprintf("Port %d is busy: %s takes %d", preferred, name, got))
	}
}
