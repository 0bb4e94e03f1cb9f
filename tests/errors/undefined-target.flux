Listen () -> (int socket);
source Listen => Serve;
