using Rave.Tests.Harness;

namespace Rave.Tests.Interop;

// A program with goleveldb, an implementation of LevelDB in Go, which locks with flock. It is built from Debian's packages golang-go and
// golang-github-syndtr-goleveldb-dev.
public sealed class Go : IAsyncLifetime
{
    private const string Program =
        """
        package main

        import (
        	"bufio"
        	"fmt"
        	"os"

        	"github.com/syndtr/goleveldb/leveldb"
        )

        // "held", and it has the database until its standard input ends; or "refused" and why.
        func main() {
        	db, err := leveldb.OpenFile(os.Args[1], nil)
        	if err != nil {
        		fmt.Println("refused", err)
        		return
        	}
        	defer db.Close()
        	if err := db.Put([]byte("from"), []byte("go"), nil); err != nil {
        		fmt.Println("failed", err)
        		return
        	}
        	fmt.Println("held")
        	bufio.NewReader(os.Stdin).ReadString('\n')
        }
        """;

    private readonly TempDirectory _directory = new();

    public async ValueTask InitializeAsync()
    {
        if (!Machine.Has(Need.Go))
        {
            return;
        }

        await File.WriteAllTextAsync(_directory["main.go"], Program);
        await using ChildProcess go = ChildProcess.Start("go", ["build", "-o", _directory["go"], _directory["main.go"]], start =>
        {
            start.Environment["GO111MODULE"] = "off";
            start.Environment["GOPATH"] = Machine.GoSources;
            start.Environment["GOCACHE"] = _directory["cache"];
        });
        await go.ReadToEndAsync();
        (await go.WaitForExitAsync()).ShouldBe(0, await go.Errors);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }

    internal ChildProcess Open(string location) => ChildProcess.Start(_directory["go"], location);
}
