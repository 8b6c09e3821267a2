namespace Rave.Server; internal static class Program { static void Main() {} }
