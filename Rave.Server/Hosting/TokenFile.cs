using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// rave.token: what who comes over TCP has to know, where a socket's file mode protects nothing. Kept from one leader to the next; who
// deletes the file gets a new token with the next leader.
internal static class TokenFile
{
    private const int TokenBytes = 32;
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
            throw Refusal(path, "is a link");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnersAlone) != 0)
        {
            throw Refusal(path, "is open to other users");
        }

        string text = File.ReadAllText(path).Trim();
        byte[] token = new byte[TokenBytes + 1];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, token, out int length) && length == TokenBytes
            ? text
            : throw Refusal(path, "holds no token");
    }

    // Under another name first, so that it is never half there.
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

    private static RaveException Refusal(string path, string what) =>
        new(ErrorCodes.IoError, $"'{path}' {what}; delete it, and a new one is made.");
}
