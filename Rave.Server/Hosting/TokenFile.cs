using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// rave.token: the token that clients over TCP must send, because a TCP port has no file mode. All leaders use the same file. If it
// is deleted, the next leader creates a new token.
internal static class TokenFile
{
    private const int TokenBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The token's text. Only under the lock.
    internal static string ReadOrCreate(DatabaseLocation location)
    {
        string path = location.TokenPath;
        FileInfo file = new(path);
        if (!file.Exists && file.LinkTarget is null)
        {
            Create(path);
        }

        if (new FileInfo(path).LinkTarget is not null)
        {
            throw Invalid(path, "is a symbolic link");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw Invalid(path, "is open to other users");
        }

        string text = File.ReadAllText(path).Trim();
        byte[] token = new byte[TokenBytes + 1];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, token, out int length) && length == TokenBytes
            ? text
            : throw Invalid(path, "contains no token");
    }

    // Written under another name first, so that it is never incomplete.
    private static void Create(string path)
    {
        string temporary = path + ".tmp";
        File.Delete(temporary);
        using (FileStream file = OwnersFile.Create(temporary))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes))));
        }

        File.Move(temporary, path, overwrite: false);
    }

    private static RaveException Invalid(string path, string what) =>
        new(ErrorCodes.IoError, $"'{path}' {what}. Delete it, and the next leader creates a new one.");
}
