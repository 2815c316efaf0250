// This program holds connections of the Go client library of NATS for the tests. It reads requests from its standard
// input and writes answers and events to its standard output, as README.md in the folder above says. Its argument is
// the programming interface of the library that it uses: "go" or "go-legacy".
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
)

var libraries = map[string]library{
	"go":        current{},
	"go-legacy": legacy{},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 || libraries[os.Args[1]] == nil {
		log.Fatal("the argument is go or go-legacy")
	}
	d := newDriver(libraries[os.Args[1]], newOutput(os.Stdout))
	requests := json.NewDecoder(os.Stdin)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		d.handle(r)
	}
}
