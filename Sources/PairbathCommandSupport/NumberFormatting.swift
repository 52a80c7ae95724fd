import Pairbath
