Listen () -> (Connection client);
Work (Connection client) -> ();
source Listen => Work;
